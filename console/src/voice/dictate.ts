/** Dictation by the browser's own recogniser, into the field where one writes. */

import { language } from "../words";
import { type Failing, tell } from "./failed";
import { bury, listening, note, recognizer, STARTS_MS } from "./state";

const ASKED_MS = 20_000; // while the browser asks whether it may listen
const FAILINGS: Record<string, Failing> = {
  "not-allowed": "denied",
  "service-not-allowed": "denied",
  "audio-capture": "microphone",
  network: "network",
  "no-speech": "silent",
  "language-not-supported": "language",
};

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
  note.value = null;
  let watchdog = setTimeout(() => fail("deaf"), STARTS_MS);
  let over = false;
  let started = false;
  void asking().then((asks) => {
    if (!asks || over || started) return;
    clearTimeout(watchdog);
    watchdog = setTimeout(() => fail("denied"), ASKED_MS);
  });
  const end = () => {
    over = true;
    clearTimeout(watchdog);
    listening.value = false;
    stop = null;
  };
  function fail(what: Failing): void {
    if (over) return;
    end();
    heard.abort();
    const gone = what === "deaf" || what === "language";
    if (gone) bury("dictation");
    tell("dictation", what, gone ? undefined : () => dictate(area));
  }
  heard.addEventListener("start", () => {
    started = true;
    clearTimeout(watchdog);
  });
  heard.addEventListener("result", (event) => {
    const { results } = event as unknown as { results: ArrayLike<ArrayLike<{ transcript: string }>> };
    area.value = before + Array.from(results, (one) => one[0]?.transcript ?? "").join("");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  heard.addEventListener("error", (event) => {
    const what = FAILINGS[(event as unknown as { error: string }).error];
    if (what && !(what === "silent" && area.value.trim() !== before.trim())) fail(what);
  });
  heard.addEventListener("end", end);
  stop = () => heard.stop();
  listening.value = true;
  try {
    heard.start();
  } catch {
    fail("deaf");
  }
}

/** True while the browser would ask first whether it may listen. */
async function asking(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: "microphone" as PermissionName })).state === "prompt";
  } catch {
    return false; // a browser that does not tell
  }
}
