/** The conversations on the server, which are the truth; the browser's are a copy. */

import { call } from "../access/call";
import { enter } from "../access/enter";
import { mark } from "../access/person";
import { visitor } from "../access/tenant";
import { remember, remembered } from "../frame/settings";
import { forget } from "../settings/advice";
import { type Conversation, newId, type Turn, underWay } from "../store/model";
import { conversations, found, load, save, unread } from "../store/state";
import { titleOf } from "../text/count";

interface Summary {
  session_id: string;
  updated_at: string;
  title?: string; // not of a server that is a release behind
  excerpt: string;
  danger?: boolean;
  persona?: string | null;
}

interface Said {
  role: "user" | "assistant";
  content: string;
  persona?: string | null;
  timestamp: string;
}

const SESSIONS = "/api/v2/sessions";

/** What the server answers; null where it has none, or cannot be reached. */
async function got<T>(path: string): Promise<T | null> {
  try {
    await enter();
    if (visitor.value) return null;
    const response = await call(path);
    return response.ok ? ((await response.json()) as T) : null;
  } catch {
    return null;
  }
}

/** Lists what was said on other devices, beside what is kept here. */
export async function list(): Promise<void> {
  await load(); // else what is kept here is taken for another device's
  await settle();
  const view = await got<{ sessions: Summary[] }>(SESSIONS);
  const gone = owed();
  for (const { session_id: id, updated_at: at, excerpt, title = excerpt, danger, persona } of view?.sessions ?? []) {
    const known = found(id);
    if (gone.includes(id) || !title || (known && !known.elsewhere)) continue;
    const one = { id, title: titleOf(title), at: Date.parse(at), elsewhere: true, turns: [], ...(danger ? { quiet: true } : {}), ...(persona ? { by: persona } : {}) };
    if (!known || (!known.named && known.title !== one.title)) await save(one); // one of before this list had first questions has its last as a title
  }
}

/** Brings what the server has of a conversation and this browser has not. */
export async function refresh(id: string): Promise<void> {
  const here = found(id);
  const sent = here?.elsewhere || here?.turns.some((turn) => turn.answers.some((answer) => answer.state === "done"));
  if (!here || !sent || here.apart || here.turns.some((turn) => turn.answers.some((answer) => underWay(answer) || answer.state === "queued"))) return;
  unread.value = "";
  const view = await got<{ turns: Said[]; more: boolean }>(`${SESSIONS}/${encodeURIComponent(id)}`);
  const now = found(id);
  if (!view) unread.value = id;
  if (!view || (view.more && here.turns.length) || !now || now !== here) return;
  const there = turnsOf(view.turns);
  const answered = here.turns.filter((turn) => turn.answers.some((answer) => answer.state === "done"));
  if (there.length <= answered.length) return;
  const { elsewhere, ...kept } = now;
  const title = elsewhere && !kept.named && there[0] ? titleOf(there[0].question) : kept.title;
  await save({ ...kept, title, turns: [...here.turns, ...there.slice(answered.length)] });
}

function turnsOf(said: readonly Said[]): Turn[] {
  const turns: Turn[] = [];
  for (const { role, content, persona, timestamp } of said) {
    const at = Date.parse(timestamp);
    if (role === "user") turns.push({ id: newId(), question: content, at, answers: [] });
    else turns.at(-1)?.answers.push({ id: newId(), ...(persona ? { mentor: persona } : {}), text: content, state: "done", at });
  }
  return turns;
}

/** Erases a conversation on the server; true if it is gone there, or never was. Else it is owed, and tried again when the page lists. */
export async function eraseOnServer(id: string): Promise<boolean> {
  const gone = await erased(id);
  owe((ids) => (gone ? ids.filter((one) => one !== id) : [...new Set([...ids, id])]));
  return gone;
}

async function erased(id: string): Promise<boolean> {
  if (visitor.value) return !mark(); // of nobody, the server has nothing
  try {
    const { ok, status } = await call(`${SESSIONS}/${encodeURIComponent(id)}`, { method: "DELETE" });
    return ok || status === 404;
  } catch {
    return false;
  }
}

/** Erases all `talks` of this person on the server, also those that were never opened here, and what was `learnt`, if that is wanted. What could not be reached is owed. */
export async function eraseEvery(ids: readonly string[], { talks, learnt }: { talks: boolean; learnt: boolean }): Promise<{ left: number; unlearnt: boolean }> {
  if (talks) owe((before) => [...new Set([...before, ...ids])]);
  if (talks && !visitor.value) remember(ALL(), String(Date.now()));
  if (learnt) remember(LEARNT(), "owed");
  await settle();
  return { left: Math.max(owed().length, remembered(ALL()) ? 1 : 0), unlearnt: !remembered(LEARNT()) };
}

/** Does what is owed: conversations that were to be erased, and what was learnt. */
async function settle(): Promise<void> {
  const until = Number(remembered(ALL()));
  const there = until ? await every(until) : null;
  if (there) owe((ids) => [...new Set([...ids, ...there])]), remember(ALL(), "");
  await Promise.all(owed().map(eraseOnServer));
  if (remembered(LEARNT()) && (await forget())) remember(LEARNT(), "");
}

/** The ids of all conversations on the server in which nothing was said since; null where it cannot be asked. */
async function every(until: number): Promise<string[] | null> {
  const ids: string[] = [];
  for (let before: string | null = ""; before !== null; ) {
    const view: { sessions: Summary[]; next: string | null } | null = await got(`${SESSIONS}?limit=100${before && `&before=${before}`}`);
    if (!view) return null;
    ids.push(...view.sessions.filter(({ updated_at: at }) => Date.parse(at) <= until + SKEW_MS).map((one) => one.session_id));
    before = view.next;
  }
  return ids;
}

const ALL = () => `owed-all ${mark()}`;
const LEARNT = () => `owed-learnt ${mark()}`;
const SKEW_MS = 5_000; // clocks that differ
const OWED = () => `owed ${mark()}`;

/** The conversations that were erased here and are on the server yet. */
function owed(): string[] {
  return remembered(OWED()).split(" ").filter(Boolean);
}

function owe(change: (ids: string[]) => string[]): void {
  remember(OWED(), change(owed()).join(" "));
}

/** Asks the browser not to throw the conversations away, once there is more than one. */
export async function persist(): Promise<void> {
  if (conversations.value.filter((one: Conversation) => one.turns.length).length < 2) return;
  await navigator.storage?.persist?.().catch(() => false);
}
