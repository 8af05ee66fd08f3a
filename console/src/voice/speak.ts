/** Reads an answer aloud, sentence by sentence, in a voice and pace of its mentor; it can be ended at any time. */

import { sentencesOf } from "./sentences";
import { tell } from "./failed";
import { bury, note, reading, STARTS_MS } from "./state";

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

type Ending = "ended" | "mute" | "voiceless" | "unread";

/** What an engine's error means for whoever listens. */
function endingOf(error: string): Ending {
  if (error === "interrupted" || error === "canceled") return "ended";
  return error === "language-unavailable" || error === "voice-unavailable" ? "voiceless" : "unread";
}

/** Says one sentence: how it ended. */
function say(utterance: SpeechSynthesisUtterance): Promise<Ending> {
  return new Promise((resolve) => {
    let timer = setTimeout(() => resolve("mute"), STARTS_MS);
    utterance.addEventListener("start", () => {
      clearTimeout(timer);
      timer = setTimeout(() => (speechSynthesis.cancel(), resolve("ended")), SILENT_MS);
    });
    utterance.addEventListener("end", () => (clearTimeout(timer), resolve("ended")));
    utterance.addEventListener("error", ({ error }) => (clearTimeout(timer), resolve(endingOf(error))));
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
  note.value = null;
  reading.value = id;
  const voices = await voicesOf(language);
  const manner = MANNERS[mentor] ?? { rate: 1, pitch: 1, voice: 0 };
  for (const sentence of sentencesOf(text, language)) {
    if (reading.value !== id) return;
    const utterance = new SpeechSynthesisUtterance(sentence);
    const voice = voices[manner.voice % Math.max(1, voices.length)];
    if (voice) utterance.voice = voice;
    Object.assign(utterance, { lang: voice?.lang ?? language, rate: manner.rate, pitch: manner.pitch });
    const ending = await say(utterance);
    if (ending !== "ended" && reading.value === id) return fail(id, ending, voices.length > 0, () => void speak(id, text, language, mentor));
  }
  if (reading.value === id) reading.value = "";
}

/** Ends reading, and says why beside the button; one that is mute is hidden, unless it may have no voice only. */
function fail(id: string, ending: Exclude<Ending, "ended">, voiced: boolean, again: () => void): void {
  hush();
  if (ending === "mute" && voiced) bury("speech");
  tell(id, ending === "mute" && !voiced ? "voiceless" : ending, ending === "mute" && voiced ? undefined : again);
}

document.addEventListener("visibilitychange", () => document.hidden && hush());
