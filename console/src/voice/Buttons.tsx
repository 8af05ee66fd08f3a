/** The buttons of voice: shown where it is on and alive; what they do is loaded when they are first used. */

import type { RefObject } from "preact";
import { Icon } from "../frame/Icon";
import type { Answer } from "../store/model";
import { personaOf } from "../store/state";
import { language, text } from "../words";
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
  async function toggle(): Promise<void> {
    const { hush, speak } = await import("../parts");
    if (now) hush();
    else await speak(answer.id, answer.text, answer.facts?.language ?? language.value, personaOf(answer.mentor)?.id ?? "");
  }
  return <button type="button" aria-pressed={now} aria-label={label} title={label} onClick={() => void toggle()}><Icon name="speak" /></button>;
}

/** Listens, or ends that. */
export function Dictation({ area }: { area: RefObject<HTMLTextAreaElement | null> }) {
  if (!dictates.value) return null;
  const label = text(listening.value ? "voice.end" : "voice.dictate");
  async function toggle(): Promise<void> {
    const { dictate, endDictation } = await import("../parts");
    if (listening.value) endDictation();
    else if (area.current) dictate(area.current);
  }
  return (
    <button type="button" class={listening.value ? "round listens" : "round"} aria-pressed={listening.value} aria-label={label} title={label} onClick={() => void toggle()}>
      <Icon name="mic" />
    </button>
  );
}
