/** The safe answer, set apart: its lines can be called with a tap. */

import { Icon } from "../frame/Icon";
import type { Answer } from "../store/model";
import { spansOf } from "../text/inline";
import { text } from "../words";
import { numbersOf } from "./numbers";

const LINE = /^- (.+)$/gm;

export function Safe({ text: said }: { text: string }) {
  return (
    <>
      <p class="safe-title">{text("safe.title")}</p>
      <ul class="lines" aria-label={text("safe.lines")}>
        {callsOf(said).map(({ number, label }) => (
          <li key={number}>
            <Call number={number} label={label} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** True for an answer to danger. Of one that was given to another device the server kept its words alone: then its lines tell. */
export function saves({ facts, text: said }: Answer): boolean {
  return facts ? Boolean(facts.safety) : callsOf(said).length > 0;
}

/** The numbers in the lines of an answer, each once, with what stands before it. */
function callsOf(said: string): { number: string; label: string }[] {
  const known = numbersOf(said);
  const calls = new Map<string, string>();
  for (const [, line = ""] of said.matchAll(LINE)) {
    const numbers = spansOf(line, known).flatMap((span) => (span.kind === "link" && span.href.startsWith("tel:") ? [span.text] : []));
    const own = numbers.filter((number, place) => !calls.has(number) && numbers.indexOf(number) === place);
    const words = line.split(numbers[0] ?? "")[0]?.replace(/[\s:]+$/, "") ?? "";
    for (const number of own) calls.set(number, own.length > 1 ? `${words} ${number}` : (line.split(/\s*[(;（]/)[0] ?? line));
  }
  return [...calls].map(([number, label]) => ({ number, label }));
}

/** A number to call with a tap. */
export function Call({ number, label }: { number: string; label: string }) {
  return (
    <a class="call" href={`tel:${number.replaceAll(/[^\d+]/g, "")}`}>
      <Icon name="phone" />
      <span>{label}</span>
    </a>
  );
}
