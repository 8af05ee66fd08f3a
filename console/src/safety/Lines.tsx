/** Where to turn without a network: the lines of a country, out of what was loaded before. */

import { text } from "../words";
import type { Line } from "./made";
import { here, labelled } from "./numbers";
import { Call } from "./Safe";
import { alarming } from "./signs";

const FIRST = 1; // beside the emergency numbers: nobody reads a list of twelve in distress

const call = (line: Line) => <li key={line[0]}><Call href={`tel:${line[0]}`} label={labelled(line)} /></li>;

/** The lines beside a question that has no answer: as buttons if it may tell of danger, else in a row of small ones. */
export function Lines({ of }: { of: string }) {
  const known = here();
  if (!known) return null;
  const [emergency, lines] = known;
  const first = [...lines.slice(0, FIRST), ...emergency];
  if (!alarming(of)) return <p class="soft lines-small">{text("safe.small")} {first.map((line) => <a key={line[0]} href={`tel:${line[0]}`}>{labelled(line)}</a>)}</p>;
  return (
    <aside class="offline-lines">
      <p>{text("safe.now")}</p>
      <ul class="lines">{first.map(call)}</ul>
      {lines.length > FIRST && (
        <details>
          <summary>{text("safe.others")}</summary>
          <ul class="lines">{lines.slice(FIRST).map(call)}</ul>
        </details>
      )}
    </aside>
  );
}
