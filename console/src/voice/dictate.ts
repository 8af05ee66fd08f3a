/** Dictation by the browser's own recogniser, into the field where one writes. */

import { announce } from "../conversation/announce";
import { language } from "../words";
import { text } from "../words/later";
import { bury, listening, recognizer, STARTS_MS } from "./state";

let stop: (() => void) | null = null;

export function endDictation(): void {
  stop?.();
}

/** Listens until somebody stops it or falls silent; what was heard stands behind what was written. */
export function dictate(area: HTMLTextAreaElement): void {
  const Recognizer = recognizer();
  if (!Recognizer) return;
  const heard = new Recognizer();
  const before = area.value ? `${area.value.trimEnd()} ` : "";
  Object.assign(heard, { lang: language.value === "ko" ? "ko-KR" : "en-US", interimResults: true, continuous: true });
  const watchdog = setTimeout(() => fail(), STARTS_MS);
  const end = () => {
    clearTimeout(watchdog);
    listening.value = false;
    stop = null;
  };
  function fail(): void {
    end();
    heard.abort();
    bury("dictation");
    announce(text("voice.dead"));
  }
  heard.addEventListener("start", () => clearTimeout(watchdog));
  heard.addEventListener("result", (event) => {
    const { results } = event as unknown as { results: ArrayLike<ArrayLike<{ transcript: string }>> };
    area.value = before + Array.from(results, (one) => one[0]?.transcript ?? "").join("");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  heard.addEventListener("error", (event) => {
    const { error } = event as unknown as { error: string };
    if (["not-allowed", "service-not-allowed", "audio-capture", "language-not-supported"].includes(error)) fail();
  });
  heard.addEventListener("end", end);
  stop = () => heard.stop();
  listening.value = true;
  try {
    heard.start();
  } catch {
    fail();
  }
}
