/** Which conversation is shown, in the address's fragment: the back button works, and no server hears of it. */

import { open } from "../store/state";
import { drawer } from "./shown";

/** Shows a conversation. */
export function go(id: string): void {
  drawer.value = false;
  open.value = id;
  history.pushState(null, "", `#c=${id}`);
}

/** Names the conversation that was begun in the address, so that a reload shows it again. */
export function stay(id: string): void {
  if (open.value === id) history.replaceState(null, "", `#c=${id}`);
}

/** Shows the conversation of the address. */
export function follow(): void {
  const id = new URLSearchParams(location.hash.slice(1)).get("c");
  if (id) open.value = id;
}

addEventListener("popstate", follow);
