import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Keeper } from "../src/store/database";
import { type Conversation, historyOf, type Turn } from "../src/store/model";

const turn = (question: string, answer: string, state: "done" | "stopped" | "failed" = "done"): Turn => ({
  id: question,
  question,
  at: 1,
  answers: [{ id: `a-${question}`, text: answer, state, at: 1 }],
});

const conversation = (id: string): Conversation => ({ id, title: "t", at: 1, turns: [turn("q", "a")] });

test("a question and its draft are written together", async () => {
  const keeper = new Keeper(() => undefined);
  await keeper.open();
  await keeper.writeDraft("c", "half a thou");
  assert.equal(await keeper.draft("c"), "half a thou");
  await keeper.writeSent(conversation("c"), "c");
  assert.equal(await keeper.draft("c"), "");
  assert.deepEqual(await keeper.one("c"), conversation("c"));
});

test("what one page wrote the next one reads, until it is removed", async () => {
  const [first, second] = [new Keeper(() => undefined), new Keeper(() => undefined)];
  await Promise.all([first.open(), second.open()]);
  await first.write(conversation("d"));
  assert.ok((await second.all()).some((one) => one.id === "d"));
  await first.removeAll();
  assert.deepEqual(await second.all(), []);
});

test("two pages that ask at the same moment lose neither question, and no whole answer", async () => {
  const [first, second] = [new Keeper(() => undefined), new Keeper(() => undefined)];
  await Promise.all([first.open(), second.open()]);
  const before = conversation("f");
  await first.write({ ...before, turns: [...before.turns, { ...turn("mine", "whole"), at: 2 }] });
  const whole = await second.writeSent({ ...before, turns: [...before.turns, { ...turn("yours", ""), at: 3 }] }, "f");
  assert.deepEqual(whole.turns.map((one) => one.question), ["q", "mine", "yours"]);
  const stale = { ...before, turns: [turn("q", "a"), { ...turn("mine", "who", "stopped"), at: 2 }] };
  assert.deepEqual((await first.write(stale)).turns.map((one) => one.answers[0]?.text), ["a", "whole", ""]);
  assert.deepEqual(await second.one("f"), await first.one("f"));
});

test("where the browser keeps nothing, this page still works, and it is said", async () => {
  const told: string[] = [];
  const keeper = new Keeper((how) => told.push(how));
  const before = globalThis.indexedDB;
  Object.defineProperty(globalThis, "indexedDB", { value: undefined, configurable: true });
  await keeper.open();
  Object.defineProperty(globalThis, "indexedDB", { value: before, configurable: true });
  assert.deepEqual(told, ["forbidden"]);
  await keeper.writeSent(conversation("e"), "new");
  assert.deepEqual((await keeper.all()).map((one) => one.id), ["e"]);
});

test("history is the newest that fits, with what was stopped, without what never came", () => {
  const turns = [turn("old", "x".repeat(19_500)), turn("one", "y".repeat(900)), turn("two", "half", "stopped"), turn("three", "", "failed")];
  assert.deepEqual(historyOf(turns).map((one) => one.content.slice(0, 4)), ["one", "yyyy", "two", "half"]);
  const many = Array.from({ length: 40 }, (_, place) => turn(`q${place}`, "a"));
  assert.equal(historyOf(many).length, 50);
  assert.equal(historyOf(many)[0]?.content, "q15");
});
