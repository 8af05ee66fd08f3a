/** Copies a text, also where there is no https and so no clipboard. */

import { text } from "../words";
import { announce } from "./announce";

export async function copy(what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(what);
  } catch {
    copyBySelection(what);
  }
  announce(text("do.copied"));
}

function copyBySelection(what: string): void {
  const before = document.activeElement;
  const area = document.createElement("textarea");
  area.value = what;
  area.className = "unseen";
  area.readOnly = true;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  if (before instanceof HTMLElement) before.focus();
}
