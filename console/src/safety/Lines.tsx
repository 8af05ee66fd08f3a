/** Where to turn without a network: the lines of a country, out of what was loaded before. */

import { accepted, language, text } from "../words";
import { LINES } from "./made";
import { Call } from "./Safe";

const FIRST = 1; // beside the emergency numbers: whoever waits for an answer about an exam needs no list of twelve

/** The country of the browser's languages; Korea for Korean, as the server has it. */
function country(): string {
  const region = /-([A-Z]{2})\b/.exec(accepted())?.[1] ?? "";
  return region in LINES ? region : language.value === "ko" ? "KR" : "";
}

function call(one: { number: string; ko: string; en: string }) {
  return <li key={one.number}><Call number={one.number} label={one[language.value]} /></li>;
}

export function Lines() {
  const lines = LINES[country()];
  if (!lines) return null;
  return (
    <aside class="offline-lines">
      <p>{text("safe.now")}</p>
      <ul class="lines">
        {lines.emergency.map((number) => (
          <li key={number}><Call number={number} label={`${text("safe.emergency")} ${number}`} /></li>
        ))}
        {lines.numbers.slice(0, FIRST).map(call)}
      </ul>
      {lines.numbers.length > FIRST && (
        <details>
          <summary>{text("safe.others")}</summary>
          <ul class="lines">{lines.numbers.slice(FIRST).map(call)}</ul>
        </details>
      )}
    </aside>
  );
}
