/** The Enter key: it sends, but not while a syllable is being put together, and not on a touch keyboard. */

const TOUCH = matchMedia("(any-hover: none) and (any-pointer: coarse)");
const SETTLES_MS = 50;
let composed = -Infinity;

/** Notes the end of a composition: WebKit tells it before the key that ended it (165004). */
export function composedAt(event: CompositionEvent): void {
  composed = event.timeStamp;
}

/** True where Enter makes a new line, as on a phone. */
export function entersLines(): boolean {
  return TOUCH.matches;
}

/** True if this key sends what was written. */
export function sends(event: KeyboardEvent): boolean {
  if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return false;
  if (event.timeStamp - composed < SETTLES_MS) return false;
  if (event.ctrlKey || event.metaKey) return true;
  return !event.shiftKey && !event.altKey && !entersLines();
}
