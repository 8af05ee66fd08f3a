/** The safe answer, set apart: its lines can be called with a tap. */

import { Icon } from "../frame/Icon";
import type { Answer } from "../store/model";
import { spansOf } from "../text/inline";
import { text } from "../words";
import { EMERGENCY } from "./made";
import { numbersOf } from "./numbers";

const LINE = /^- (.+)$/gm;
const WORDS = /^[^,.;:()"“”\n]{2,30}/;

export function Safe({ text: said }: { text: string }) {
  return (
    <>
      <p class="safe-title">{text("safe.title")}</p>
      <ul class="lines" aria-label={text("safe.lines")}>
        {(linesOf(said).length ? linesOf(said) : numbersIn(said)).map(({ number, label }) => (
          <li key={number}>
            <Call number={number} label={label} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** True for an answer to danger. Of one that was given to another device the server kept its words alone: then its lines tell, or an emergency number that an AI says. */
export function saves({ facts, text: said }: Answer): boolean {
  return facts ? Boolean(facts.safety) : linesOf(said).length > 0 || (said.includes("AI") && EMERGENCY.some((number) => numbersOf(said).includes(number)));
}

interface Callable {
  number: string;
  label: string;
}

/** The numbers in the words of an answer, each once, with what follows it: where something happens in this minute there are no lines. */
function numbersIn(said: string): Callable[] {
  return numbersOf(said).map((number) => ({ number, label: said.slice(said.indexOf(number)).match(WORDS)?.[0].trim() ?? number }));
}

/** The numbers in the lines of an answer, each once, with what stands before it. */
function linesOf(said: string): Callable[] {
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
