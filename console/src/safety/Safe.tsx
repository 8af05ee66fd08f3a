/** The safe answer, set apart: its lines can be called with a tap. */

import { Icon } from "../frame/Icon";
import { spansOf } from "../text/inline";
import { text } from "../words";
import { numbersOf } from "./numbers";

const LINE = /^- (.+)$/gm;

export function Safe({ text: said }: { text: string }) {
  const known = numbersOf(said);
  const lines = [...said.matchAll(LINE)].map(([, line]) => line ?? "").map((line) => ({ line, call: firstNumber(line, known) }));
  const callable = lines.filter(({ call }, place) => call && lines.findIndex((other) => other.call === call) === place);
  return (
    <>
      <p class="safe-title">{text("safe.title")}</p>
      <ul class="lines" aria-label={text("safe.lines")}>
        {callable.map(({ line, call }) => (
          <li key={line}>
            <Call number={call} label={line.split(/\s*[(;（]/)[0] ?? line} />
          </li>
        ))}
      </ul>
    </>
  );
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

function firstNumber(line: string, known: readonly string[]): string {
  return spansOf(line, known).find((span) => span.kind === "link" && span.href.startsWith("tel:"))?.text ?? "";
}
