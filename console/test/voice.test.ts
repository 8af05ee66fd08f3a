import assert from "node:assert/strict";
import { test } from "node:test";
import { sentencesOf } from "../src/voice/sentences";

test("what is spoken has no marks, no emoji, no code, and comes in sentences", () => {
  const text = "**많이** 힘들었겠어요. 🌱 한 걸음만요!\n\n1. `오늘` 하나\n- 둘\n\n```\nx = 1\n```\nhttps://a.example 끝";
  assert.deepEqual(sentencesOf(text, "ko"), ["많이 힘들었겠어요.", "한 걸음만요!", "오늘 하나", "둘", "끝"]);
});

test("a long sentence is cut, so that no engine falls silent in it", () => {
  const parts = sentencesOf(`${"word ".repeat(100)}end.`, "en");
  assert.ok(parts.length > 2 && parts.every((part) => part.length <= 180));
  assert.equal(parts.join(" "), `${"word ".repeat(100)}end.`);
});
