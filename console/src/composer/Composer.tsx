/** Where one writes: the text area is the browser's own, so that nothing disturbs a syllable that is being put together. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { answering, ask, stop } from "../conversation/ask";
import { below, further, toEnd, toFurther } from "../conversation/scroll";
import { Icon } from "../frame/Icon";
import { current, keeper, takeLeft } from "../store/state";
import { codePoints, LONGEST } from "../text/count";
import { buttons, listening, note, reading } from "../voice/state";
import { text } from "../words";
import { composedAt, entersLines, sends } from "./keys";
import { MentorChoice } from "./MentorChoice";

const TOLD_FROM = 300; // characters before the end
const TWICE_MS = 1_000; // within which nobody stops what they have just sent

/** The name that the draft of the shown conversation has. */
function draftKey(): string {
  return current.value.turns.length ? current.value.id : "new";
}

export function Composer() {
  const area = useRef<HTMLTextAreaElement>(null);
  const length = useSignal(0);
  const empty = useSignal(false); // and was to be sent
  const sentAt = useRef(-Infinity);
  const key = draftKey();

  useEffect(() => {
    const node = area.current;
    const before = node?.value;
    const early = node?.dataset.key === undefined && before; // before the script was there
    const edited = key === "new" ? takeLeft() : null;
    const left = edited && [before ?? "", ...edited].filter(Boolean); // in a conversation that another tab has deleted
    if (node) node.dataset.key = key;
    void keeper.draft(key).then((draft) => {
      if (!node || node.dataset.key !== key) return;
      const mine = left ? [...new Set([draft, ...left.filter((one) => !draft.includes(one))])].filter(Boolean).join("\n\n") : draft;
      if (!early && node.value === before) node.value = mine; // nobody has gone on writing meanwhile
      if (left) void keeper.writeDraft(key, node.value);
      changed();
    });
    const flush = () => node && void keeper.writeDraft(key, node.value);
    addEventListener("pagehide", flush);
    document.addEventListener("visibilitychange", flush);
    return () => {
      removeEventListener("pagehide", flush);
      document.removeEventListener("visibilitychange", flush);
    };
  }, [key]);

  function changed(): void {
    const node = area.current;
    if (!node) return;
    length.value = codePoints(node.value);
    if (length.value) empty.value = false;
    if (CSS.supports("field-sizing", "content")) return;
    node.style.height = "auto";
    node.style.height = `${node.scrollHeight}px`;
  }

  async function send(): Promise<void> {
    const node = area.current;
    if (!node || answering(current.value)) return;
    const question = node.value.trim();
    empty.value = !question;
    if (!question || codePoints(question) > LONGEST) return node.focus();
    if (listening.value) (await import("../parts")).endDictation();
    if (reading.value) (await import("../parts")).hush();
    node.value = "";
    note.value = null;
    changed();
    sentAt.current = performance.now();
    await ask(question, key);
  }

  /** A tap while a syllable is open: closes it, and reads the text in the next task. */
  function tapped(event: Event): void {
    event.preventDefault();
    if (answering(current.value)) {
      const unanswered = current.value.turns.at(-1)?.answers.every((answer) => answer.state === "waiting");
      if (!unanswered || performance.now() - sentAt.current > TWICE_MS) stop(current.value); // else the second tap of two
      return;
    }
    const typing = document.activeElement === area.current;
    if (typing && entersLines()) area.current?.blur();
    setTimeout(() => void send());
  }

  const writing = answering(current.value);
  const voice = buttons.value;
  return (
    <form class="composer" aria-label={text("composer.label")} onSubmit={tapped}>
      <div class="box">
        {further.value && <button type="button" class="further" onClick={toFurther}>{text("say.also", { mentor: further.value })} <Icon name="newest" /></button>}
        <label class="unseen" for="text">{text("composer.label")}</label>
        <textarea
          id="text"
          ref={area}
          rows={1}
          placeholder={text("composer.placeholder")}
          enterkeyhint={entersLines() ? "enter" : "send"}
          aria-describedby="length"
          onInput={() => {
            changed();
            if (area.current) void keeper.writeDraft(key, area.current.value);
          }}
          onCompositionEnd={composedAt}
          onKeyDown={(event) => {
            if (sends(event)) event.preventDefault(), void send();
          }}
        />
        <Length length={length.value} empty={empty.value} />
        {voice && <voice.VoiceNote at="dictation" />}
        <div class="row">
          <MentorChoice />
          <button type="button" class="round newest" hidden={!below.value || !current.value.turns.length} aria-label={text("say.newest")} onClick={toEnd}><Icon name="newest" /></button>
          {voice && <voice.Dictation area={area} />}
          <button type="submit" class="send" aria-label={text(writing ? "composer.stop" : "composer.send")} disabled={!writing && length.value > LONGEST}>
            <Icon name={writing ? "stop" : "send"} />
          </button>
        </div>
      </div>
      <p class="notice">{text("app.notice")}</p>
    </form>
  );
}

/** How much may still be written, told near the end; and that nothing was. */
function Length({ length, empty }: { length: number; empty: boolean }) {
  const left = LONGEST - length;
  const told = left < 0 ? text("composer.over", { over: -left }) : left <= TOLD_FROM ? text("composer.left", { left }) : empty ? text("composer.empty") : "";
  return <p id="length" class={left < 0 ? "length over" : "length"} role="status">{told}</p>;
}
