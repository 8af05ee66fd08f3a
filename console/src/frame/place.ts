/** Which conversation is shown, in the address's fragment: the back button works, and no server hears of it. */

import { effect } from "@preact/signals";
import { newId } from "../store/model";
import { current, open } from "../store/state";
import { drawer, settingsOpen } from "./shown";

const place = (id: string) => `#c=${id}`;
const covers = () => (history.state as { over?: true } | null)?.over === true;
let over = false; // whether something lies over the conversation, which the back button takes away first

/** Shows a conversation. */
export function go(id: string): void {
  if (covers()) history.replaceState(null, "", place(id));
  else history.pushState(null, "", place(id));
  drawer.value = false;
  open.value = id;
}

/** Names the conversation that was begun in the address: a reload shows it again, and the way back leads to where it was begun. */
export function stay(id: string): void {
  if (open.value === id && location.hash !== place(id)) history.pushState(null, "", place(id));
}

/** Shows the conversation of the address, or a new one where it names none. */
export function follow(): void {
  if (over) {
    over = drawer.value = settingsOpen.value = false;
    return;
  }
  const id = new URLSearchParams(location.hash.slice(1)).get("c");
  if (id) open.value = id;
  else if (current.value.turns.length) open.value = newId();
}

effect(() => {
  const shown = drawer.value || settingsOpen.value;
  if (shown === over) return;
  over = shown;
  if (shown) history.pushState({ over: true }, "", location.href);
  else if (covers()) history.back();
});
addEventListener("popstate", follow);
