/** The words of the parts that are loaded later: settings, why a mentor was chosen, voice, operators. */

import { language, type Slots, type Words, filled, words } from "../index";
import { en } from "./en";
import { ko } from "./ko";
import { joined } from "./particles";

/** A text of either catalogue with its slots filled. */
export function text(name: keyof Words | keyof typeof ko, slots: Slots = {}): string {
  const later = language.value === "ko" ? ko : en;
  return joined(filled(name in later ? later[name as keyof typeof ko] : words.value[name as keyof Words], slots));
}
