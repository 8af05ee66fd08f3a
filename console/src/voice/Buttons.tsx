/** The buttons of voice, and what it could not do: loaded where it is on, shown where it is alive. */

import type { RefObject } from "preact";
import { Icon } from "../frame/Icon";
import type { Answer } from "../store/model";
import { personaOf } from "../store/state";
import { language } from "../words";
import { text } from "../words/later";
import { dictate, endDictation } from "./dictate";
import { hush, speak } from "./speak";
import { dictates, listening, note, reading, speaks } from "./state";

/** What voice could not do here. */
export function VoiceNote({ at }: { at: string }) {
  const now = note.value;
  return now?.at === at ? <now.View /> : null;
}

/** Reads an answer aloud, or ends that. */
export function Aloud({ answer }: { answer: Answer }) {
  if (!speaks.value) return null;
  const now = reading.value === answer.id;
  const label = text(now ? "voice.hush" : "voice.read");
  function toggle(): void {
    if (now) hush();
    else void speak(answer.id, answer.text, answer.facts?.language ?? language.value, personaOf(answer.mentor)?.id ?? "");
  }
  return <button type="button" aria-pressed={now} aria-label={label} title={label} onClick={() => toggle()}><Icon name="speak" /></button>;
}

/** Listens, or ends that. */
export function Dictation({ area }: { area: RefObject<HTMLTextAreaElement | null> }) {
  if (!dictates.value) return null;
  const label = text(listening.value ? "voice.end" : "voice.dictate");
  function toggle(): void {
    if (listening.value) endDictation();
    else if (area.current) dictate(area.current);
  }
  return (
    <button type="button" class={listening.value ? "round listens" : "round"} aria-pressed={listening.value} aria-label={label} title={label} onClick={() => toggle()}>
      <Icon name="mic" />
    </button>
  );
}
