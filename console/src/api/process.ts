/** One question to the router: its answer as events, taken up again where the connection was lost. */

import { eventsOf } from "./events";
import { isError, Troubled, troubleOf } from "./trouble";
import type { AnswerView, Began } from "./views";

const TRIES = 4;
const PAUSE_MS = 400;
const SILENT_MS = 25_000; // the server says something every 10 s, if only that it is there

export interface Question {
  /** The body as it was first sent: the same bytes each time, or its key fits no more. */
  body: string;
  key: string;
  language: string;
  lastEvent: string;
}

export interface Ear {
  began(view: Began): void;
  more(text: string): void;
  heard(eventId: string): void;
}

/** The surroundings that a question is sent in: what a test replaces. */
export interface World {
  fetch(path: string, init?: RequestInit): Promise<Response>;
  now(): number;
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** Waits until somebody looks at the page: a locked phone has no network, and that is no error. */
  looked(signal: AbortSignal): Promise<void>;
  online(): boolean;
}

/** Asks, and returns the whole answer; Troubled where there is none. `signal` ends it. */
export async function process(question: Question, ear: Ear, signal: AbortSignal, world: World): Promise<AnswerView> {
  let keyed = true;
  for (let missed = 0; ; missed += 1) {
    await world.looked(signal);
    try {
      const answer = await attempt(question, keyed, {
        ...ear,
        heard: (id) => {
          missed = 0;
          question.lastEvent = id;
          ear.heard(id);
        },
      }, signal, world);
      if (answer) return answer;
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof Troubled) {
        if (keyed && error.code === "STORE_UNAVAILABLE") keyed = false;
        else if (!comesBack(error) || missed >= TRIES) throw error;
      }
    }
    if (!world.online()) throw new Troubled({ kind: "offline" });
    if (missed >= TRIES) throw new Troubled({ kind: "unreachable" });
    await world.pause(PAUSE_MS * 2 ** missed, signal);
  }
}

/** True for what passes within seconds: another instance, or the same question still being answered. */
function comesBack(error: Troubled): boolean {
  return ["SHUTTING_DOWN", "IN_PROGRESS"].includes(error.code);
}

async function attempt(question: Question, keyed: boolean, ear: Ear, signal: AbortSignal, world: World): Promise<AnswerView | null> {
  const silence = new AbortController();
  const ended = AbortSignal.any([signal, silence.signal]);
  let last = setTimeout(() => silence.abort(), SILENT_MS);
  const heard = () => {
    clearTimeout(last);
    last = setTimeout(() => silence.abort(), SILENT_MS);
  };
  try {
    const response = await world.fetch("/api/v2/process", { method: "POST", headers: headersOf(question, keyed), body: question.body, signal: ended });
    if (response.status === 204) question.lastEvent = ""; // all was heard, and lost here since: the key has it still
    if (response.status === 204) return null;
    if (!response.headers.get("content-type")?.startsWith("text/event-stream") || !response.body) return whole(await response.json(), world, Number(response.headers.get("retry-after")));
    for await (const event of eventsOf(listened(response.body, heard))) {
      if (event.id) ear.heard(event.id);
      if (event.name === "routing") ear.began(event.data as Began);
      else if (event.name === "delta") ear.more((event.data as { text: string }).text);
      else return whole(event.data, world);
    }
    return null;
  } finally {
    clearTimeout(last);
  }
}

/** The same body; `heard` is called for every piece of it, heartbeats too. */
function listened(body: ReadableStream<Uint8Array>, heard: () => void): ReadableStream<Uint8Array> {
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, out) {
        heard();
        out.enqueue(piece);
      },
    }),
  );
}

function whole(view: unknown, world: World, waits = 0): AnswerView {
  if (isError(view)) throw new Troubled(troubleOf(view, world.now(), waits), view.error.code);
  return view as AnswerView;
}

function headersOf(question: Question, keyed: boolean): Record<string, string> {
  return {
    "content-type": "application/json",
    accept: "text/event-stream",
    "accept-language": question.language,
    ...(keyed ? { "idempotency-key": question.key } : {}),
    ...(question.lastEvent ? { "last-event-id": question.lastEvent } : {}),
  };
}
