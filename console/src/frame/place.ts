/** Which conversation is shown, in the address's fragment: the back button works, and no server hears of it. */

import { effect } from "@preact/signals";
import { newId } from "../store/model";
import { current, deleted, open } from "../store/state";
import { drawer, settingsOpen } from "./shown";

const place = (id: string) => `#c=${id}`;
const covers = () => (history.state as { over?: true } | null)?.over === true;
let over = false; // whether something lies over the conversation, which the back button takes away first
let returning = false; // whether the browser is on its way back to the conversation, since what lay over it was closed

const gone = new Set<string>();

/** Has the way back pass by conversations that are deleted: nothing is there any more. */
export function forgetPlaces(ids: readonly string[]): void {
  for (const id of ids) gone.add(id);
}

/** Goes on to a place, after the way back that is under way: a browser ends that in its own time. */
function onTo(state: { over: true } | null, where: string): void {
  if (returning) addEventListener("popstate", () => onTo(state, where), { once: true });
  else history.pushState(state, "", where);
}

/** Shows a conversation. */
export function go(id: string): void {
  if (covers() && !returning) history.replaceState(null, "", place(id));
  else onTo(null, place(id));
  drawer.value = false;
  deleted.value = false;
  open.value = id;
}

/** Names the conversation that was begun in the address: a reload shows it again, and the way back leads to where it was begun. */
export function stay(id: string): void {
  deleted.value = false;
  if (open.value === id && location.hash !== place(id)) onTo(null, place(id));
}

/** Shows the conversation of the address, or a new one where it names none. */
export function follow(): void {
  if (returning) {
    returning = false;
    return;
  }
  const id = new URLSearchParams(location.hash.slice(1)).get("c");
  const left = gone.has(id ?? "");
  if (left) history.replaceState(null, "", location.pathname);
  if (over) {
    over = drawer.value = settingsOpen.value = false;
    return;
  }
  if (left) return history.back();
  deleted.value = false;
  if (id) open.value = id;
  else if (current.value.turns.length) open.value = newId();
}

effect(() => {
  const shown = drawer.value || settingsOpen.value;
  if (shown === over) return;
  over = shown;
  if (shown) onTo({ over: true }, location.href);
  else if (covers()) {
    returning = true;
    history.back();
  }
});
effect(() => {
  if (deleted.value) history.replaceState(history.state, "", place(open.peek()));
});
addEventListener("popstate", follow);
