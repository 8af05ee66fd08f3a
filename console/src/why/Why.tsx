/** Why this mentor: what decided, first; then how the text was read, what that adds to each score, and what would have changed it. */

import type { Answer } from "../store/model";
import { personaOf } from "../store/state";
import { reveal } from "../conversation/scroll";
import { own } from "../words";
import { text } from "../words/later";
import { said, valueName } from "./values";

const shown = (node: Element | null) => reveal(node);
const PARTS = ["tone", "pace", "intent", "situation", "affinity", "experiment"] as const;

/** `next` is the mentor whom the button beside asks. */
export function Why({ answer, next }: { answer: Answer; next: string | undefined }) {
  const routing = answer.facts?.routing;
  if (!routing) return null;
  const [tone, pace, intent] = (answer.facts?.key ?? "").split("-");
  const read = { tone, pace, intent } as Record<string, string | undefined>;
  const ranked = Object.entries(routing.scores).toSorted(([, a], [, b]) => b - a);
  const best = Math.max(1, ...ranked.map(([, score]) => score));
  const name = (id: string | null | undefined) => own(personaOf(id ?? "")?.name) || id || "";
  const added = PARTS.filter((part) => Object.values(routing.contributions).some((parts) => (parts[part] ?? 0) >= 0.005));
  const scored = (routing.decided_by ?? "score") === "score" && !routing.explored; // else somebody answers, whatever the scores are
  const change = scored && routing.counterfactual;
  const tells = scored && next && !routing.secondary_persona; // else the reasons have it
  return (
    <section class="why" ref={shown} aria-label={text("why.chosen", { mentor: name(answer.mentor) })}>
      <p>{said(routing.reasoning)}</p>
      {!scored && <p class="soft">{text("why.alone")}</p>}
      <p class="soft">{text("why.read")}</p>
      <ul class="read">
        {(["tone", "pace", "intent"] as const).map((part) => (
          <li key={part} class={`part-${part}`}><small>{text(`why.${part}`)}</small> {answer.facts?.unread?.includes(part) ? text("why.unread") : valueName(read[part] ?? "")}</li>
        ))}
      </ul>
      <ol class="bars">
        {ranked.map(([id, score]) => (
          <li key={id}>
            <span>{name(id)}</span>
            <Bar parts={routing.contributions[id] ?? {}} of={best} label={text("why.score", { mentor: name(id), score: score.toFixed(2) })} />
            <span class="figure">{score.toFixed(2)}</span>
          </li>
        ))}
      </ol>
      <p class="soft legend">{added.map((part) => <span key={part} class={`part-${part}`}>{text(`why.${part}`)}</span>)}</p>
      {tells && <p class="soft">{text("why.next", { mentor: name(next) })}</p>}
      {change && personaOf(change.persona)?.id === ranked[1]?.[0] && (
        <p class="soft">
          {text("why.change", { part: text(`why.${change.part as "tone"}`), value: valueName(change.value), mentor: name(change.persona) })}
        </p>
      )}
    </section>
  );
}

/** A score as a bar of what adds up to it. */
function Bar({ parts, of, label }: { parts: Record<string, number>; of: number; label: string }) {
  let at = 0;
  return (
    <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label={label}>
      <rect class="track" width="100" height="8" />
      {PARTS.map((part) => {
        const width = (Math.max(0, parts[part] ?? 0) / of) * 100;
        const x = at;
        at += width;
        return <rect key={part} class={`part-${part}`} x={x} width={width} height="8" />;
      })}
    </svg>
  );
}
