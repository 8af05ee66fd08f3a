/** Who answers: whoever fits, one mentor, or two of them together. */

import { useRef } from "preact/hooks";
import { Face } from "../faces/Face";
import { Icon } from "../frame/Icon";
import { current, personaOf, personas, save } from "../store/state";
import { own, text } from "../words";

const TOGETHER = 2;

export function MentorChoice() {
  const dialog = useRef<HTMLDialogElement>(null);
  const chosen = current.value.mentors ?? [];
  const full = chosen.length === TOGETHER;
  const names = chosen.map((id) => own(personaOf(id)?.name) || id);

  function choose(id: string | null): void {
    const without = chosen.filter((one) => one !== id);
    const mentors = id === null ? [] : without.length < chosen.length ? without : [...without, id];
    void save({ ...current.value, mentors });
    if (id === null) dialog.current?.close();
  }

  return (
    <>
      <button type="button" class="choice" aria-haspopup="dialog" onClick={() => dialog.current?.showModal()}>
        {chosen.map((id) => <Face key={id} of={id} />)}
        <span>{names.join(" + ") || text("mentor.any")}</span>
        <Icon name="chevron" />
      </button>
      <dialog class="sheet" ref={dialog} aria-label={text("composer.mentor")} onClick={(event) => event.target === dialog.current && dialog.current?.close()}>
        <div class="sheet-body">
          <h2>{text("composer.mentor")}</h2>
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
          <button type="button" class="strong" onClick={() => dialog.current?.close()}>{text("mentor.done")}</button>
        </div>
      </dialog>
    </>
  );
}
