/** The sheet in which mentors are chosen. */

import { useEffect, useRef } from "preact/hooks";
import { Face } from "../faces/Face";
import { current, personas, save } from "../store/state";
import { own } from "../words";
import { text } from "../words/later";

const TOGETHER = 2;

export function MentorSheet({ close }: { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const chosen = current.value.mentors ?? [];
  const full = chosen.length === TOGETHER;
  useEffect(() => dialog.current?.showModal(), []);

  function choose(id: string | null): void {
    const without = chosen.filter((one) => one !== id);
    const mentors = id === null ? [] : without.length < chosen.length ? without : [...without, id];
    void save({ ...current.value, mentors });
    if (id === null) dialog.current?.close();
  }

  return (
    <dialog class="sheet" ref={dialog} onClose={close} aria-label={text("composer.mentor")} onClick={(event) => event.target === dialog.current && dialog.current?.close()}>
      <div class="sheet-body">
        <header>
          <h2>{text("composer.mentor")}</h2>
          <button type="button" class="strong" onClick={() => dialog.current?.close()}>{text("mentor.done")}</button>
        </header>
        <p class="soft">{text(full ? "mentor.full" : "mentor.two")}</p>
        <ul class="options">
          <li>
            <button type="button" aria-pressed={!chosen.length} onClick={() => choose(null)}>
              <span class="face any" aria-hidden="true">✳</span>
              <span><strong>{text("mentor.any")}</strong><small>{text("mentor.anyDetail")}</small></span>
            </button>
          </li>
          {personas.value.map((persona) => (
            <li key={persona.id}>
              <button type="button" aria-pressed={chosen.includes(persona.id)} disabled={full && !chosen.includes(persona.id)} onClick={() => choose(persona.id)}>
                <Face of={persona.id} />
                <span><strong>{own(persona.name)} · {own(persona.role)}</strong><small>{own(persona.description)}</small></span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </dialog>
  );
}
