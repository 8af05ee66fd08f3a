/** Asking a question in other words: in a new conversation, so that nothing that was said gets lost. */

import { useEffect, useRef } from "preact/hooks";
import { sends } from "../composer/keys";
import { newId, type Turn } from "../store/model";
import { current, open, save } from "../store/state";
import { text } from "../words/later";
import { ask } from "./ask";
import { drafts } from "./drafts";

export function Edit({ turn, close }: { turn: Turn; close: () => void }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const leave = () => (drafts.delete(turn.id), close());
  useEffect(() => {
    area.current?.focus();
    area.current?.setSelectionRange(area.current.value.length, area.current.value.length);
  }, []);

  async function send(): Promise<void> {
    const question = area.current?.value.trim();
    if (!question) return;
    const { title, turns, mentors } = current.value;
    const before = turns.slice(0, turns.findIndex((one) => one.id === turn.id));
    const id = newId();
    await save({ id, at: Date.now(), apart: before.length > 0, turns: before, title: before.length ? text("edit.title", { title }) : "", ...(mentors ? { mentors } : {}) });
    open.value = id;
    await ask(question, id);
    leave();
  }

  return (
    <form class="edit" onSubmit={(event) => (event.preventDefault(), void send())}>
      <label class="unseen" for={`edit-${turn.id}`}>{text("edit.label")}</label>
      <textarea
        id={`edit-${turn.id}`}
        ref={area}
        defaultValue={drafts.get(turn.id) ?? turn.question}
        onInput={(event) => drafts.set(turn.id, event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") leave();
          else if (sends(event)) event.preventDefault(), void send();
        }}
      />
      <p class="soft">{text("edit.note")}</p>
      <div class="row">
        <button type="button" class="quiet" onClick={leave}>{text("do.cancel")}</button>
        <button type="submit" class="strong">{text("do.send")}</button>
      </div>
    </form>
  );
}
