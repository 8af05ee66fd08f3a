/** The telephone numbers in an answer that says where to turn: those that the product knows, and no others. */

import { accepted, language } from "../words";
import { type Line, LINES } from "./made";

const BOTH = Object.values(LINES);
const EMERGENCY = new Set(BOTH.flatMap(([emergency]) => emergency).map(([number]) => number));

/** The known numbers that stand in a text. */
export function numbersOf(text: string): string[] {
  return BOTH.flatMap((own) => own.flat()).flatMap(([number]) => (text.includes(number) ? number : []));
}

export function ofEmergency(number: string): boolean {
  return EMERGENCY.has(number);
}

/** The numbers of this minute and the lines, as far as the languages of the browser tell the country; Korea for Korean, as the server has it. */
export function here(): [emergency: Line[], lines: Line[]] | undefined {
  const region = /-([A-Z]{2})\b/.exec(accepted())?.[1] ?? "";
  return LINES[region] ?? (language.value === "ko" ? LINES.KR : undefined);
}

/** A number with who answers there, if it is known. */
export function labelOf(number: string): string {
  const line = [...(here() ?? []), ...BOTH.flat()].flat().find(([own]) => own === number);
  return line ? labelled(line) : number;
}

export function labelled([number, ko, en]: Line): string {
  return `${number} ${language.value === "ko" ? ko : en}`;
}
