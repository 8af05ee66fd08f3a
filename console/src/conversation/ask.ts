/** Asking: a question is kept before it is sent, its answer as it comes, and both survive whatever happens to the page. */

import { signal } from "@preact/signals";
import { guest, holder } from "../access/tenant";
import { process } from "../api/process";
import { Troubled } from "../api/trouble";
import type { AnswerView, Began, ProcessBody } from "../api/views";
import { stay } from "../frame/place";
import { remembered } from "../frame/settings";
import { type Answer, type Change, type Conversation, type Facts, historyOf, newId, type Turn, underWay } from "../store/model";
import { conversations, current, found, save, saveAnswer, turnOf } from "../store/state";
import { titleOf } from "../text/count";
import { accepted, text as words } from "../words";
import { announce, announceAnswer, announceBegin } from "./announce";
import { alone } from "./alone";
import { forgetLive, liveText } from "./live";
import { saves } from "../safety/Safe";
import { reveal } from "./scroll";
import { world } from "./world";

const KEPT_EVERY_MS = 1_000;
const WAITS_MS = 60 * 60 * 1_000; // a question older than this is not sent without asking

const running = new Map<string, AbortController>();
const going = new Set<string>(); // turns whose mentors are asked one after the other
export const busy = signal<ReadonlySet<string>>(new Set());

/** True while this conversation is being answered. */
export function answering(conversation: Conversation): boolean {
  return conversation.turns.some((turn) => turn.answers.some((answer) => underWay(answer) && busy.value.has(answer.id)));
}

/** Asks in the conversation that is shown: the mentors that were chosen, or whoever fits. */
export async function ask(question: string, draft: string): Promise<void> {
  const now = world.now();
  const before = current.value;
  const mentors = before.mentors?.length ? before.mentors : [undefined];
  const turn: Turn = { id: newId(), question, at: now, answers: [] };
  turn.answers = mentors.map((asked, place) => fresh(before, turn, asked, place > 0));
  const title = before.title || titleOf(question);
  await save({ ...before, title, at: now, turns: [...before.turns, turn] }, { draft });
  stay(before.id);
  void inTurn(before.id, turn, true);
}

/** One mentor after the other, once at a time. */
async function inTurn(id: string, turn: Turn, first = false): Promise<void> {
  if (going.has(turn.id)) return;
  going.add(turn.id);
  try {
    for (const answer of turn.answers) if (await due(id, turn.id, answer, first)) await run(id, turn.id, answer.id);
  } finally {
    going.delete(turn.id);
  }
}

/** Whether a mentor is asked now: each hears what was said before, so as not to say it again. Whoever stops one wants no other, and in danger one answers. */
async function due(id: string, turn: string, { id: answer, asked, later }: Answer, first: boolean): Promise<boolean> {
  const conversation = found(id);
  const now = conversation && turnOf(conversation, turn);
  const place = now?.answers.findIndex((one) => one.id === answer) ?? -1;
  const before = later ? undefined : now?.answers[place - 1];
  if (!now || !before) return place >= 0;
  const { state } = now.answers[place]!;
  if (underWay(before) || before.state === "queued" || state === "done" || state === "stopped") return false; // in another tab, or without a network
  if (before.state === "stopped" || saves(before)) {
    await saveAnswer(id, turn, answer, { state: "stopped", body: undefined, lastEvent: undefined });
    return false;
  }
  if (first && state === "waiting") await saveAnswer(id, turn, answer, { body: fresh(conversation, now, asked, true).body });
  return true;
}

/** Asks the same question once more: another mentor by name. */
export async function askAnother(turn: Turn, mentor: string): Promise<void> {
  const conversation = current.value;
  const answer = { ...fresh(conversation, turn, mentor, true), later: true };
  const turns = conversation.turns.map((one) => (one.id === turn.id ? { ...one, answers: [...one.answers, answer] } : one));
  await save({ ...conversation, apart: true, turns });
  void run(conversation.id, turn.id, answer.id);
  requestAnimationFrame(() => reveal(document.getElementById(answer.id), "start"));
}

/** Asks anew where the answer did not come. */
export async function askAgain(turn: Turn, answer: Answer): Promise<void> {
  const conversation = current.value;
  const body = answer.body ?? fresh(conversation, turn, answer.asked, false).body ?? "";
  await saveAnswer(conversation.id, turn.id, answer.id, { state: "waiting", body, trouble: undefined });
  void run(conversation.id, turn.id, answer.id);
}

/** A new answer to be asked for. `aside` keeps the question out of the server's session, which has it once. */
function fresh(conversation: Conversation, turn: Turn, asked: string | undefined, aside: boolean): Answer {
  const at = conversation.turns.findIndex((one) => one.id === turn.id);
  const heard = aside ? at + 1 : at; // another mentor hears what was answered, so as not to say it again
  const before = at < 0 ? conversation.turns : conversation.turns.slice(0, heard);
  const unkept = aside || guest.value; // of guests the server keeps no session
  const history = conversation.apart || unkept ? historyOf(before) : [];
  const body: ProcessBody = {
    user_input: turn.question,
    ...(asked ? { persona: asked } : {}),
    ...(remembered("length") === "short" ? { prompt_mode: "summary_light" as const } : {}),
    context: { ...(unkept ? {} : { session_id: conversation.id }), ...(history.length ? { message_history: history } : {}) },
  };
  return { id: newId(), ...(asked ? { asked } : {}), text: "", state: world.online() ? "waiting" : "queued", at: world.now(), body: JSON.stringify(body) };
}

/** Stops an answer; what was written stays. */
export function stop(conversation: Conversation): void {
  for (const turn of conversation.turns) for (const answer of turn.answers) running.get(answer.id)?.abort();
}

/** Goes on with all that was under way when the page was left, and with what waits for the network. */
export function goOn(): void {
  if (!world.online()) return wait();
  for (const conversation of conversations.value)
    for (const turn of conversation.turns) {
      const answers = turn.answers.filter((answer) => underWay(answer) || (world.now() - answer.at < WAITS_MS && (answer.state === "queued" || letIn(answer))));
      if (answers.length) void inTurn(conversation.id, { ...turn, answers });
    }
}

/** Lets what was under way wait for the network, since nobody writes an answer to it now. */
function wait(): void {
  for (const conversation of conversations.value)
    for (const turn of conversation.turns)
      for (const answer of turn.answers) if (underWay(answer) && !running.has(answer.id)) void saveAnswer(conversation.id, turn.id, answer.id, { state: "queued" });
}

const knocked = new Set<string>();

/** True once for a question of somebody who has signed in since. */
function letIn(answer: Answer): boolean {
  if (answer.state !== "failed" || !["sign_in", "guest"].includes(answer.trouble?.kind ?? "") || !holder.value || knocked.has(answer.id)) return false;
  knocked.add(answer.id);
  return true;
}

/** True for a question that waited so long that whoever asked is asked first. */
export function waitedLong(answer: Answer): boolean {
  return answer.state === "queued" && world.now() - answer.at >= WAITS_MS;
}

/** Brings one answer, in one tab only. */
async function run(conversation: string, turn: string, id: string): Promise<void> {
  if (running.has(id) || !world.online()) return;
  const leaving = new AbortController();
  running.set(id, leaving);
  busy.value = new Set(running.keys());
  try {
    await alone(id, () => bring(conversation, turn, id, leaving.signal));
  } finally {
    running.delete(id);
    busy.value = new Set(running.keys());
    forgetLive(id);
  }
}

async function bring(conversation: string, turn: string, id: string, signal: AbortSignal): Promise<void> {
  const answer = found(conversation) && turnOf(found(conversation)!, turn)?.answers.find((one) => one.id === id);
  if (!answer?.body || answer.state === "done" || answer.state === "stopped") return;
  const change = (to: Change, apart = false) => saveAnswer(conversation, turn, id, to, apart);
  const live = liveText(id);
  live.begin(answer.lastEvent ? answer.text : "");
  const question = { body: answer.body, key: id, language: accepted(), lastEvent: answer.lastEvent ?? "" };
  if (answer.state === "queued" || answer.state === "failed") await change({ state: "waiting", trouble: undefined });
  announceBegin();
  const keeping = setInterval(() => void change({ text: live.whole(), lastEvent: question.lastEvent }), KEPT_EVERY_MS);
  const ear = {
    began(view: Began) {
      live.begin("");
      void change({ state: "writing", mentor: view.persona_used, text: "", facts: { key: view.resonance_key, routing: view.routing } });
    },
    more: (piece: string) => live.more(piece),
    heard: () => undefined,
  };
  try {
    const view = await process(question, ear, signal, world);
    clearInterval(keeping);
    await change(finished(view));
    announceAnswer(view.content, view.persona_used);
  } catch (error) {
    clearInterval(keeping);
    await change(...ended(error, signal, live.whole()));
    if (signal.aborted) announce(words("say.stopped"));
  }
}

/** The answer as the last event has it. */
function finished(view: AnswerView): Change {
  const { metadata, routing } = view;
  const facts: Facts = {
    key: view.resonance_key,
    routing,
    request: view.request_id,
    ...(metadata?.language ? { language: metadata.language } : {}),
    ...(metadata?.offered ? { offered: metadata.offered } : {}),
    ...(metadata?.safety ? { safety: metadata.safety } : {}),
    ...(metadata?.care ? { care: metadata.care } : {}),
    ...(metadata?.lines ? { lines: metadata.lines } : {}),
    ...(metadata?.detected?.unknown?.length ? { unread: metadata.detected.unknown } : {}),
    ...(metadata?.receipt ? { receipt: metadata.receipt } : {}),
    ...(metadata?.degraded?.length ? { degraded: metadata.degraded } : {}),
    ...(metadata?.cut_short ? { cutShort: true } : {}),
  };
  const gone = { body: undefined, lastEvent: undefined, trouble: undefined };
  return { ...gone, state: "done", mentor: view.persona_used, text: view.content, facts };
}

/** What stays of an answer that did not come to its end, and true where the server's session lacks it: one change, since the next question may follow at once. */
function ended(error: unknown, signal: AbortSignal, text: string): [Change, boolean] {
  if (signal.aborted) return [{ state: "stopped", text, body: undefined, lastEvent: undefined }, true];
  const trouble = error instanceof Troubled ? error.trouble : { kind: "other" as const };
  return [trouble.kind === "offline" ? { state: "queued", text, at: world.now() } : { state: "failed", text, trouble }, false];
}
