/** What the console shows: signals that its parts read, and the only functions that change conversations. */

import { batch, computed, signal } from "@preact/signals";
import { mark } from "../access/person";
import type { Persona } from "../api/views";
import { drafts } from "../conversation/drafts";
import { fromAddress } from "../frame/settings";
import { type Kept, Keeper } from "./database";
import { type Answer, type Change, type Conversation, merged, newId, type Turn } from "./model";

const fixed = fromAddress("mentor"); // who answers what is begun here, if the page that embeds us says so

export const conversations = signal<readonly Conversation[]>([]);
export const open = signal(newId());
export const personas = signal<readonly Persona[]>([]);
export const met = signal(false); // whether the mentors are known, or cannot be
export const kept = signal<Kept>("kept");
/** The conversation that the server could not be asked for just now. */
export const unread = signal("");
export const online = signal(navigator.onLine);

export const keeper = new Keeper((how) => {
  kept.value = how;
}, mark);

/** The conversation that is shown; an empty one until something was said in it. */
export const current = computed<Conversation>(() => found(open.value) ?? { id: open.value, title: "", at: 0, turns: [], ...(fixed ? { mentors: [fixed] } : {}) });
export const listed = computed(() => conversations.value.filter((one) => one.turns.length || one.elsewhere).toSorted((a, b) => b.at - a.at));

/** The conversation of an id, if there is one. */
export function found(id: string): Conversation | undefined {
  return conversations.value.find((one) => one.id === id);
}

/** What tabs of the same person tell each other. */
interface News {
  changed?: string;
  removed?: string;
  left?: boolean;
}

let others: BroadcastChannel | null = null;

function listen(): void {
  if (!("BroadcastChannel" in window)) return;
  others = new BroadcastChannel(`ion-mentoring ${mark()}`);
  others.addEventListener("message", ({ data }: MessageEvent<News>) => {
    if (data.left) location.replace("/");
    else if (data.removed) lose(data.removed);
    else if (data.changed) void keeper.one(data.changed).then((one) => one && set(one));
  });
}

let loaded: Promise<void> | null = null;

/** Reads what the browser has kept, once. */
export function load(): Promise<void> {
  loaded ??= read();
  return loaded;
}

async function read(): Promise<void> {
  listen();
  await keeper.open();
  const all = await keeper.all();
  conversations.value = [...all.filter((one) => !found(one.id)), ...conversations.value];
}

function set(conversation: Conversation): void {
  conversations.value = [...conversations.value.filter((one) => one.id !== conversation.id), conversation];
}

function drop(id: string): void {
  conversations.value = conversations.value.filter((one) => one.id !== id);
}

/** True once another tab has deleted the conversation that was shown here, until that was read. */
export const deleted = signal(false);
let left: readonly string[] | null = null;

/** What was being edited in a conversation that another tab has deleted, once: it goes on in one new conversation. Null if none was deleted. */
export function takeLeft(): readonly string[] | null {
  const taken = left;
  left = null;
  return taken;
}

/** Another tab has deleted a conversation: who writes in it goes on in a new one. */
function lose(id: string): void {
  const edited = found(id)?.turns.flatMap((turn) => drafts.get(turn.id) ?? []) ?? [];
  batch(() => {
    if (open.value === id && found(id)) {
      left = edited;
      deleted.value = true;
      open.value = newId();
    }
    drop(id);
  });
}

/** Shows a changed conversation, keeps it, and tells the other tabs. */
export async function save(conversation: Conversation, sent?: { draft: string }): Promise<void> {
  set(conversation);
  const whole = await (sent ? keeper.writeSent(conversation, sent.draft) : keeper.write(conversation));
  const now = found(conversation.id);
  if (now && whole.turns.length > now.turns.length) set(merged(now, whole)); // another tab has asked meanwhile
  others?.postMessage({ changed: conversation.id });
}

/** Changes one answer, wherever its conversation is by now; `apart` where the server's session does not hold it. */
export async function saveAnswer(id: string, turn: string, answer: string, change: Change, apart = false): Promise<void> {
  const conversation = found(id);
  if (!conversation) return;
  const turns = conversation.turns.map((one) =>
    one.id === turn ? { ...one, answers: one.answers.map((other) => (other.id === answer ? clean({ ...other, ...change } as Answer) : other)) } : one,
  );
  await save({ ...conversation, ...(apart ? { apart } : {}), turns });
}

/** The answer without what is undefined, which takes a field away. */
function clean(answer: Answer): Answer {
  return Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== undefined)) as unknown as Answer;
}

export function turnOf(conversation: Conversation, id: string): Turn | undefined {
  return conversation.turns.find((turn) => turn.id === id);
}

/** Forgets a conversation here. */
export async function forget(id: string): Promise<void> {
  drop(id);
  await keeper.remove(id);
  others?.postMessage({ removed: id });
}

/** Forgets all that is kept here, in every tab of this person. */
export async function forgetAll(): Promise<void> {
  conversations.value = [];
  await keeper.removeAll();
  others?.postMessage({ left: true });
}

/** The mentor of an id or an English name. */
export function personaOf(name: string | undefined): Persona | undefined {
  return personas.value.find((one) => one.id === name || one.name.en === name);
}
