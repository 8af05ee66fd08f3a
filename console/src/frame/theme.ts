/** Light or dark: as the device has it, or as somebody chose. */

import { signal } from "@preact/signals";
import { remember, setting } from "./settings";

export type Theme = "auto" | "light" | "dark";
export const theme = signal<Theme>(setting<Theme>("theme", ["auto", "light", "dark"]) ?? "auto");

/** Chooses a theme, and remembers it. */
export function choose(value: Theme): void {
  theme.value = value;
  remember("theme", value);
  show();
}

/** Shows the chosen theme. */
export function show(): void {
  if (theme.value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
}
