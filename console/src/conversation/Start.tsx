/** The beginning of a conversation: who is here, and questions to begin with. */

import { Face } from "../faces/Face";
import { current, met, personas, save } from "../store/state";
import { own, text } from "../words";
import { ask } from "./ask";

const EXAMPLES = ["start.example1", "start.example2", "start.example3", "start.example4"] as const;

export function Start() {
  const chosen = current.value.mentors ?? [];
  const choose = (id: string) => void save({ ...current.value, mentors: chosen.includes(id) ? chosen.filter((one) => one !== id) : [id] });
  return (
    <section class={met.value ? "start" : "start unmet"}>
      <h2>{text("start.hello")}</h2>
      <p class="soft">{text("app.lead")}</p>
      <ul class="mentors">
        {personas.value.map((persona) => (
          <li key={persona.id}>
            <button type="button" class={`mentor mentor-${persona.id}`} aria-pressed={chosen.includes(persona.id)} onClick={() => choose(persona.id)}>
              <Face of={persona.id} />
              <span>
                <strong>{own(persona.name)}</strong>
                <small>{own(persona.role)}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <h3>{text("start.examples")}</h3>
      <ul class="examples">
        {EXAMPLES.map((name) => (
          <li key={name}>
            <button type="button" onClick={() => void ask(text(name), "new")}>{text(name)}</button>
          </li>
        ))}
      </ul>
      <p class="notice">{text("app.notice")}</p>
    </section>
  );
}
