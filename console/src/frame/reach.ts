/** Whether the server can be reached: as the browser says, and as was tried, since it takes a network without a way out for one. */

import { announce } from "../conversation/announce";
import { keepNumbers } from "../conversation/scroll";
import { online } from "../store/state";
import { text } from "../words";

const LOOKS_MS = 5_000;

let again: (() => void) | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Follows the network from now on; `found` is called each time that it is there again. */
export function follow(found: () => void): void {
  again = found;
  addEventListener("online", regained);
  addEventListener("offline", lost);
}

/** Notes that the server could not be reached, and looks for it until it is. */
export function lost(): void {
  if (online.value) announce(text("announce.offline"));
  online.value = false;
  clearTimeout(timer);
  timer = setTimeout(() => void look(), LOOKS_MS);
}

function regained(): void {
  clearTimeout(timer);
  if (!online.value) announce(text("announce.online"));
  keepNumbers();
  online.value = true;
  again?.();
}

async function look(): Promise<void> {
  try {
    await fetch("/api/v2/personas", { cache: "no-store" });
    regained();
  } catch {
    lost();
  }
}
