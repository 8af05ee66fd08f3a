/** The language of the console, and its words. */

import { batch, signal } from "@preact/signals";
import { remember, setting } from "../frame/settings";
import type { ko } from "./ko";

export type Language = "ko" | "en";
export type Words = typeof ko;

/** The words of a language, which are loaded by themselves: nobody waits for those of another. */
async function wordsOf(one: Language): Promise<Words> {
  return one === "ko" ? (await import("./ko")).ko : (await import("./en")).en;
}

const preferred: Language = navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en";
export const language = signal<Language>(setting<Language>("language", ["ko", "en"]) ?? preferred);
export const words = signal(await wordsOf(language.value));

/** Speaks another language from now on. */
export async function setLanguage(one: Language): Promise<void> {
  const found = await wordsOf(one);
  remember("language", one);
  batch(() => {
    language.value = one;
    words.value = found;
  });
}

export type Slots = Record<string, string | number>;

/** A text of the catalogue with its slots filled. */
export function text(name: keyof Words, slots: Slots = {}): string {
  return filled(words.value[name], slots);
}

export function filled(template: string, slots: Slots): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, slot: string) => String(slots[slot] ?? ""));
}

/** A text of a card in the language of the console. */
export function own(both: { ko: string; en: string } | undefined): string {
  return both?.[language.value] ?? "";
}

/** The languages as they are sent: the console's first, then the browser's, which say the country. */
export function accepted(): string {
  const browser = navigator.languages.length ? navigator.languages : [navigator.language];
  const same = browser.find((one) => one.toLowerCase().startsWith(language.value));
  return [...new Set([same ?? language.value, ...browser])].slice(0, 6).map((one, place) => (place ? `${one};q=${(1 - place / 10).toFixed(1)}` : one)).join(", ");
}
