/** Conversations as the browser keeps them. */

import type { Trouble } from "../api/trouble";
import type { Line, Routing } from "../api/views";

export type State = "queued" | "waiting" | "writing" | "done" | "stopped" | "failed";

/** What the router said about an answer, besides its text; `unread` are the parts of the key that nothing told. */
export interface Facts {
  key: string;
  routing: Routing;
  request?: string;
  receipt?: string;
  language?: string;
  offered?: string[];
  safety?: string;
  care?: string;
  lines?: Line[];
  unread?: string[];
  degraded?: string[];
  cutShort?: boolean;
}

/** A rating. `sent` once the router has it; `back` while it is to be taken back there. */
export interface Verdict {
  up: boolean;
  reason?: string;
  sent?: boolean;
  back?: boolean;
}

/** One mentor's answer to a question. `asked` is who was asked for by name, `later` than the others; `mentor` who answers. */
export interface Answer {
  id: string;
  asked?: string;
  later?: boolean;
  mentor?: string;
  text: string;
  state: State;
  at: number;
  facts?: Facts;
  trouble?: Trouble;
  verdict?: Verdict;
  /** What was sent, until the answer is there: whoever goes on with it sends the same bytes. */
  body?: string;
  lastEvent?: string;
}

/** What changes of an answer; undefined takes a field away. */
export type Change = { [Field in keyof Answer]?: Answer[Field] | undefined };

/** A question and all answers to it. */
export interface Turn {
  id: string;
  question: string;
  at: number;
  answers: Answer[];
}

/** A conversation. `quiet` where the server says that it began with a danger, `by` who answered in it last. `elsewhere` means that only the server has what was said so far. `apart` means that the server's session does not hold all of it, so that history is sent along. */
export interface Conversation {
  id: string;
  title: string;
  named?: boolean;
  quiet?: boolean;
  by?: string;
  at: number;
  apart?: boolean;
  elsewhere?: boolean;
  mentors?: string[];
  turns: Turn[];
}

/** A name that nobody else gives: 128 random bits. `crypto.randomUUID` is missing where there is no https. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** True while somebody has to do something for it. */
export function underWay(answer: Answer): boolean {
  return answer.state === "waiting" || answer.state === "writing";
}

/** A conversation as it is now with what another tab has written meanwhile: no question gets lost, and no answer that is whole. */
export function merged(now: Conversation, kept: Conversation | undefined): Conversation {
  if (!kept) return now;
  const turns = now.turns.map((turn) => {
    const other = kept.turns.find((one) => one.id === turn.id);
    return other ? { ...turn, answers: joined(turn.answers, other.answers) } : turn;
  });
  const missed = kept.turns.filter((turn) => !now.turns.some((one) => one.id === turn.id));
  return { ...now, turns: missed.length ? [...turns, ...missed].toSorted((a, b) => a.at - b.at) : turns };
}

function joined(now: readonly Answer[], kept: readonly Answer[]): Answer[] {
  const whole = now.map((answer) => (answer.state === "done" ? answer : (kept.find((one) => one.id === answer.id && one.state === "done") ?? answer)));
  return [...whole, ...kept.filter((answer) => !now.some((one) => one.id === answer.id))];
}

/** The answer that a conversation goes on from. */
export function standing(turn: Turn): Answer | undefined {
  return turn.answers.findLast((answer) => answer.state === "done") ?? turn.answers.findLast((answer) => answer.text);
}

const MESSAGES = 50;
const CHARACTERS = 20_000;

/** The conversation so far as messages, the newest that fit into a request. */
export function historyOf(turns: readonly Turn[]): { role: "user" | "assistant"; content: string }[] {
  const messages = turns.flatMap((turn) => {
    const answer = standing(turn);
    return answer ? [{ role: "user" as const, content: turn.question }, { role: "assistant" as const, content: answer.text }] : [];
  });
  let left = CHARACTERS;
  let from = messages.length;
  while (from >= 2 && messages.length - from + 2 <= MESSAGES) {
    left -= [...(messages[from - 1]?.content ?? ""), ...(messages[from - 2]?.content ?? "")].length;
    if (left < 0) break;
    from -= 2;
  }
  return messages.slice(from);
}
