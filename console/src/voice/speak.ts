/** Reads an answer aloud, sentence by sentence, in a voice and pace of its mentor; it can be ended at any time. */

import { announce } from "../conversation/announce";
import { text as said } from "../words/later";
import { sentencesOf } from "./sentences";
import { bury, reading, STARTS_MS } from "./state";

const SILENT_MS = 25_000; // an engine that has started and says neither word nor end
const MANNERS: Record<string, { rate: number; pitch: number; voice: number }> = {
  lua: { rate: 0.95, pitch: 1.1, voice: 0 },
  elro: { rate: 1, pitch: 0.85, voice: 1 },
  riri: { rate: 1.05, pitch: 1, voice: 2 },
  nana: { rate: 1.05, pitch: 1.15, voice: 3 },
};

/** The voices of a language; engines load them late. */
async function voicesOf(language: string): Promise<SpeechSynthesisVoice[]> {
  const all = () => speechSynthesis.getVoices().filter((voice) => voice.lang.toLowerCase().startsWith(language));
  if (!all().length) await new Promise((resolve) => (setTimeout(resolve, 700), speechSynthesis.addEventListener("voiceschanged", resolve, { once: true })));
  return all();
}

/** Says one sentence: how it ended. */
function say(utterance: SpeechSynthesisUtterance): Promise<"ended" | "dead"> {
  return new Promise((resolve) => {
    let timer = setTimeout(() => resolve("dead"), STARTS_MS);
    utterance.addEventListener("start", () => {
      clearTimeout(timer);
      timer = setTimeout(() => (speechSynthesis.cancel(), resolve("ended")), SILENT_MS);
    });
    for (const end of ["end", "error"] as const) utterance.addEventListener(end, () => (clearTimeout(timer), resolve("ended")));
    speechSynthesis.speak(utterance);
  });
}

export function hush(): void {
  reading.value = "";
  speechSynthesis.cancel();
}

/** Reads an answer; whatever was being read ends. */
export async function speak(id: string, text: string, language: string, mentor: string): Promise<void> {
  hush();
  reading.value = id;
  const voices = await voicesOf(language);
  const manner = MANNERS[mentor] ?? { rate: 1, pitch: 1, voice: 0 };
  for (const sentence of sentencesOf(text, language)) {
    if (reading.value !== id) return;
    const utterance = new SpeechSynthesisUtterance(sentence);
    const voice = voices[manner.voice % Math.max(1, voices.length)];
    if (voice) utterance.voice = voice;
    Object.assign(utterance, { lang: voice?.lang ?? language, rate: manner.rate, pitch: manner.pitch });
    if ((await say(utterance)) === "dead") {
      hush();
      bury("speech");
      return announce(said("voice.dead"));
    }
  }
  if (reading.value === id) reading.value = "";
}

document.addEventListener("visibilitychange", () => document.hidden && hush());
