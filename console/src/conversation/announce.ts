/** What a screen reader hears: that an answer is being written, then the answer, once. */

import { signal } from "@preact/signals";
import { own, text } from "../words";
import { personaOf } from "../store/state";

export const announced = signal("");

export function announceBegin(): void {
  announced.value = text("announce.writing");
}

export function announceAnswer(content: string, mentor: string): void {
  const name = own(personaOf(mentor)?.name) || mentor;
  announced.value = `${text("announce.answered", { mentor: name })} ${content.replaceAll(/[#*`>]/g, "")}`;
}

export function announce(said: string): void {
  announced.value = said;
}
