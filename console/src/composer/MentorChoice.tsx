/** Who answers: whoever fits, one mentor, or two of them together. */

import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import { Face } from "../faces/Face";
import { Icon } from "../frame/Icon";
import { current, personaOf } from "../store/state";
import { own, text } from "../words";

export function MentorChoice() {
  const [Sheet, show] = useState<ComponentType<{ close: () => void }> | null>(null);
  const chosen = current.value.mentors ?? [];
  const names = chosen.map((id) => own(personaOf(id)?.name) || id);
  return (
    <>
      <button type="button" class="choice" aria-haspopup="dialog" onClick={() => void import("../parts").then((loaded) => show(() => loaded.MentorSheet))}>
        {chosen.map((id) => <Face key={id} of={id} />)}
        <span>{names.join(" + ") || text("mentor.any")}</span>
        <Icon name="chevron" />
      </button>
      {Sheet && <Sheet close={() => show(null)} />}
    </>
  );
}
