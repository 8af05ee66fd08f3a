/** The safe answer, set apart: its lines can be reached with a tap. */

import type { Line } from "../api/views";
import { Icon } from "../frame/Icon";
import type { Answer } from "../store/model";
import { spansOf } from "../text/inline";
import { text } from "../words";
import { labelOf, numbersOf, ofEmergency } from "./numbers";

const LISTED = /^- .+$/gm;
const OF_AN_AI = /I'm an AI|저는 AI/;

export function Safe({ answer: { facts, text: said } }: { answer: Answer }) {
  return (
    <>
      <p class="safe-title">{text("safe.title")}</p>
      <ul class="lines" aria-label={text("safe.lines")}>
        {facts
          ? facts.lines?.map((line) => <li key={line.by + line.to}><Call {...wayOf(line)} /></li>)
          : numbersIn(said).map((number) => <li key={number}><Call href={`tel:${number}`} label={labelOf(number)} /></li>)}
      </ul>
    </>
  );
}

/** True for an answer to danger. Of one that was given to another device the server kept its words alone: its lines tell then, or an emergency number beside what an AI says of itself. */
export function saves({ facts, text: said }: Answer): boolean {
  if (facts) return Boolean(facts.safety);
  return Boolean(said.match(LISTED)?.some((line) => numbersIn(line).length)) || (OF_AN_AI.test(said) && numbersIn(said).some(ofEmergency));
}

/** The numbers in the words of an answer, each once. */
function numbersIn(said: string): string[] {
  return [...new Set(spansOf(said, numbersOf(said)).flatMap((span) => (span.kind === "link" && span.href.startsWith("tel:") ? [span.text] : [])))];
}

/** What a button of a line does, and says. */
function wayOf({ name, by, to, says = "" }: Line): { href: string; label: string } {
  if (by === "call") return { href: `tel:${to}`, label: `${to} ${name}` };
  if (by === "site") return { href: to, label: name };
  return { href: `sms:${to}${says && `?&body=${says}`}`, label: `${text(says ? "safe.textSays" : "safe.text", { to, says })} ${name}` };
}

/** Somebody to reach with a tap. */
export function Call({ href, label }: { href: string; label: string }) {
  const away = href.startsWith("https:") ? { target: "_blank", rel: "noopener noreferrer" } : {};
  return (
    <a class="call" href={href.startsWith("tel:") ? href.replaceAll(/ /g, "") : href.replace("#", "%23")} {...away}>
      <Icon name={href.startsWith("sms:") ? "write" : "phone"} />
      <span>{label}</span>
    </a>
  );
}
