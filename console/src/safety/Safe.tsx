/** The safe answer, set apart: its lines can be called with a tap. */

import { Icon } from "../frame/Icon";
import type { Answer } from "../store/model";
import { spansOf } from "../text/inline";
import { text } from "../words";
import { EMERGENCY } from "./made";
import { numbersOf } from "./numbers";

const LINE = /^- (.+)$/gm;
const WORDS = /^[^,.;:()"“”\n]{1,28}/;
const OF_AN_AI = /I'm an AI|저는 AI/;

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

/** True for an answer to danger. Of one that was given to another device the server kept its words alone: its lines tell then, or an emergency number beside what an AI says of itself. */
export function saves({ facts, text: said }: Answer): boolean {
  return facts ? Boolean(facts.safety) : linesOf(said).length > 0 || (OF_AN_AI.test(said) && numbersIn(said, EMERGENCY).length > 0);
}

interface Callable {
  number: string;
  label: string;
}

/** The numbers to call: those of the lines, or, where something happens in this minute and there are none, those in the words. */
function callsOf(said: string): Callable[] {
  const lines = linesOf(said);
  return lines.length ? lines : numbersIn(said, numbersOf(said));
}

/** The numbers in the words of an answer, each once, with the words that follow it. */
function numbersIn(said: string, known: readonly string[]): Callable[] {
  const calls = new Map<string, string>();
  const spans = spansOf(said, known);
  for (const [place, span] of spans.entries()) {
    if (span.kind !== "link" || !span.href.startsWith("tel:") || calls.has(span.text)) continue;
    calls.set(span.text, `${span.text}${spans[place + 1]?.text.match(WORDS)?.[0] ?? ""}`.trim());
  }
  return [...calls].map(([number, label]) => ({ number, label }));
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
