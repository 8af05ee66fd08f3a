import assert from "node:assert/strict";
import { test } from "node:test";
import { blocksOf } from "../src/text/blocks";
import { codePoints, finds, titleOf } from "../src/text/count";
import { spansOf } from "../src/text/inline";

test("paragraphs, headings, lists, quotes and fences are told apart, the rest stays text", () => {
  const text = "Hello\nthere\n\nNEXT STEPS\n1. one\n2) two\n   more\n\n- a\n* b\n\n> said\n\n```\n<b>\n\nx\n```\n<i>end</i>";
  assert.deepEqual(blocksOf(text), [
    { kind: "paragraph", text: "Hello\nthere" },
    { kind: "heading", text: "NEXT STEPS" },
    { kind: "list", ordered: true, letters: false, start: 1, items: ["one", "two\nmore"] },
    { kind: "list", ordered: false, letters: false, start: 1, items: ["a", "b"] },
    { kind: "quote", text: "said" },
    { kind: "code", text: "<b>\n\nx" },
    { kind: "paragraph", text: "<i>end</i>" },
  ]);
});

test("a fence that is not closed yet is code already", () => {
  assert.deepEqual(blocksOf("```js\nlet a"), [{ kind: "code", text: "let a" }]);
});

test("only addresses with https become links, whatever is written around them", () => {
  const spans = spansOf("[x](javascript:alert(1)) http://a.example https://b.example/c?d=1). **bold** *soft* 2*3*4 `a*b*`");
  assert.deepEqual(spans.filter((span) => span.kind === "link").map((span) => span.text), ["https://b.example/c?d=1"]);
  assert.deepEqual(spans.filter((span) => span.kind !== "link" && span.kind !== "text").map((span) => span.text), ["bold", "soft", "a*b*"]);
});

test("known numbers can be called, other digits and parts of words cannot", () => {
  const spans = spansOf("109 (24시간), 1577-0199, 1090, 988lifeline.org, women1366, #1388, 988에", ["109", "1577-0199", "988", "1366", "1388"]);
  assert.deepEqual(spans.filter((span) => span.kind === "link").map((span) => span.text), ["109", "1577-0199", "988"]);
});

test("a part of a larger number cannot be called", () => {
  const spans = spansOf("12,000 won, 3.111 km, 112.5, 000, then 119.", ["000", "111", "112", "119"]);
  assert.deepEqual(spans.filter((span) => span.kind === "link").map((span) => span.text), ["000", "119"]);
});

test("length is counted in code points of the composed text", () => {
  assert.equal(codePoints("각".normalize("NFD")), 1);
  assert.equal(codePoints("😀😀 "), 2);
});

test("a title is cut between letters", () => {
  assert.equal(titleOf("가".repeat(60), 10), `${"가".repeat(10)}…`);
  assert.equal(titleOf("  a\n b  "), "a b");
  assert.equal(titleOf("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 2), "👩‍👩‍👧‍👦👩‍👩‍👧‍👦…");
});

test("a search finds words in any form and order", () => {
  assert.ok(finds("회의 팀장".normalize("NFD"), "팀장이 회의에서"));
  assert.ok(!finds("회의 마감", "팀장이 회의에서"));
});
