/** The day that it is, which goes on while the page stays open. */

import { signal } from "@preact/signals";

const midnight = (days: number) => {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).getTime();
};

/** When today began. */
export const today = signal(midnight(0));

let timer: ReturnType<typeof setTimeout> | undefined;

/** Looks which day it is, and again at midnight; a machine that slept over that hears of it when somebody looks at the page. */
function roll(): void {
  today.value = midnight(0);
  clearTimeout(timer);
  timer = setTimeout(roll, midnight(1) - Date.now() + 50);
}

roll();
document.addEventListener("visibilitychange", () => document.hidden || roll());
addEventListener("pageshow", roll);
