import assert from "node:assert/strict";
import { test } from "node:test";
import { EventParser } from "../src/api/events";
import { process, type World } from "../src/api/process";
import { Troubled } from "../src/api/trouble";

const ANSWER = { content: "Hi", persona_used: "Lua", request_id: "r", resonance_key: "calm-medium-learning", routing: {} };
const event = (name: string, data: unknown, id = "") => `event: ${name}\n${id ? `id: ${id}\n` : ""}data: ${JSON.stringify(data)}\n\n`;

/** A world that answers each request with the next of these. */
function worldOf(answers: (() => Response)[], sent: RequestInit[] = [], online = () => true): World {
  return {
    fetch: async (_url, init) => {
      sent.push(init ?? {});
      const next = answers.shift();
      if (!next) throw new TypeError("no network");
      return next();
    },
    now: () => 1_000,
    pause: async () => undefined,
    looked: async () => undefined,
    online,
  };
}

const stream = (text: string) => () => new Response(text, { headers: { "content-type": "text/event-stream" } });
const refused = (status: number, code: string, details = {}) => () =>
  Response.json({ error: { code, message: "said", field: null, details }, request_id: "r-1" }, { status });

function asked(world: World) {
  const heard: string[] = [];
  const question = { body: "{}", key: "k", language: "en", lastEvent: "" };
  const ear = { began: () => heard.push("began"), more: (text: string) => heard.push(text), heard: () => undefined };
  return { heard, question, answer: process(question, ear, new AbortController().signal, world) };
}

test("events come whole, however they are cut on the way", () => {
  const parser = new EventParser();
  const text = `: still here\n\n${event("delta", { text: "가\n나" }, "s.2")}`;
  const events = [...text].flatMap((letter) => parser.feed(letter));
  assert.deepEqual(events, [{ name: "delta", id: "s.2", data: { text: "가\n나" } }]);
});

test("a stream that is cut is taken up where it was, with the same key and body", async () => {
  const sent: RequestInit[] = [];
  const cut = event("routing", {}, "s.1") + event("delta", { text: "H" }, "s.2");
  const { heard, answer } = asked(worldOf([stream(cut), stream(event("delta", { text: "i" }, "s.3") + event("done", ANSWER, "s.4"))], sent));
  assert.equal((await answer).content, "Hi");
  assert.deepEqual(heard, ["began", "H", "i"]);
  const headers = sent.map((one) => one.headers as Record<string, string>);
  assert.deepEqual(headers.map((one) => one["last-event-id"]), [undefined, "s.2"]);
  assert.deepEqual(headers.map((one) => one["idempotency-key"]), ["k", "k"]);
});

test("an answer of which all was heard and lost is asked for by its key", async () => {
  const sent: RequestInit[] = [];
  const world = worldOf([() => new Response(null, { status: 204 }), stream(event("done", ANSWER))], sent);
  const { answer, question } = asked(world);
  question.lastEvent = "s.4";
  assert.equal((await answer).content, "Hi");
  assert.equal((sent[1]?.headers as Record<string, string>)["last-event-id"], undefined);
});

test("without its store the server is asked without a key", async () => {
  const sent: RequestInit[] = [];
  const { answer } = asked(worldOf([refused(503, "STORE_UNAVAILABLE"), stream(event("done", ANSWER))], sent));
  assert.equal((await answer).content, "Hi");
  assert.equal((sent[1]?.headers as Record<string, string>)["idempotency-key"], undefined);
});

test("a limit says when it ends, in its head or in the last event of a stream", async () => {
  const error = { error: { code: "RATE_LIMITED", message: "said", field: null, details: { retry_after_s: 11.2 } }, request_id: "r-1" };
  const limited = () => Response.json(error, { status: 429, headers: { "retry-after": "12" } });
  const head = () => Response.json({ ...error, error: { ...error.error, details: { policy: "minute" } } }, { status: 429, headers: { "retry-after": "12" } });
  for (const answered of [limited, head, stream(event("error", error))]) {
    await assert.rejects(asked(worldOf([answered])).answer, (raised: Troubled) => {
      assert.deepEqual(raised.trouble, { kind: "limited", said: "said", request: "r-1", again: 13_000 });
      return true;
    });
  }
});

test("what guests have used up is no limit that passes in a minute", async () => {
  for (const policy of ["guest", "guest-network", "guests"]) {
    await assert.rejects(asked(worldOf([refused(429, "RATE_LIMITED", { policy })])).answer, (raised: Troubled) => raised.trouble.kind === "guest");
  }
});

test("an error at the end of a stream is an error", async () => {
  const broke = { error: { code: "DEADLINE_EXCEEDED", message: "late", field: null, details: null }, request_id: "r" };
  const { answer } = asked(worldOf([stream(event("routing", {}) + event("error", broke))]));
  await assert.rejects(answer, (error: Troubled) => error.trouble.kind === "late");
});

test("a server that cannot be reached is tried five times; a browser without a network is told apart", async () => {
  const sent: RequestInit[] = [];
  await assert.rejects(asked(worldOf([], sent)).answer, (error: Troubled) => error.trouble.kind === "unreachable");
  assert.equal(sent.length, 5);
  await assert.rejects(asked(worldOf([], [], () => false)).answer, (error: Troubled) => error.trouble.kind === "offline");
});
