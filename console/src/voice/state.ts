/** Voice: off until somebody turns it on, and hidden where the browser has none or it is dead. Nothing is recorded by us. */

import { computed, effect, signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { remember, remembered } from "../frame/settings";

interface Recognizing extends EventTarget {
  lang: string;
  interimResults: boolean;
  continuous: boolean;
  start(): void;
  stop(): void;
  abort(): void;
}

type Recognizer = new () => Recognizing;

/** The browser's recogniser, under whichever name it has. */
export function recognizer(): Recognizer | undefined {
  const all = window as unknown as { SpeechRecognition?: Recognizer; webkitSpeechRecognition?: Recognizer };
  return all.SpeechRecognition ?? all.webkitSpeechRecognition;
}

export const has = { speech: "speechSynthesis" in window && "SpeechSynthesisUtterance" in window, dictation: Boolean(recognizer()) };
export const on = signal(remembered("voice") === "on");
/** What turned out to be dead, though it is there: no start within three seconds. */
export const dead = signal<ReadonlySet<"speech" | "dictation">>(new Set());
export const speaks = computed(() => on.value && has.speech && !dead.value.has("speech"));
export const dictates = computed(() => on.value && has.dictation && !dead.value.has("dictation"));
/** The answer that is being read aloud, by its id. */
export const reading = signal("");
export const listening = signal(false);
/** What could not be done, shown at a place: "dictation", or an answer's id. */
export const note = signal<{ at: string; View: ComponentType } | null>(null);

/** The buttons, which are loaded where voice is on. */
export const buttons = signal<typeof import("./Buttons") | null>(null);
effect(() => {
  if (on.value && !buttons.peek()) void import("../parts").then((loaded) => (buttons.value = loaded));
});

export const STARTS_MS = 3_000;

export function turn(value: boolean): void {
  on.value = value;
  dead.value = new Set(); // whoever turns it on once more wants it tried once more
  note.value = null;
  remember("voice", value ? "on" : "off");
}

export function bury(what: "speech" | "dictation"): void {
  dead.value = new Set([...dead.value, what]);
}
