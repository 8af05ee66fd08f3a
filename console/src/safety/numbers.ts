/** The telephone numbers in an answer that says where to turn: those that the product knows, and no others. */

import { NUMBERS } from "./made";

/** The known numbers that stand in a text. */
export function numbersOf(text: string): string[] {
  return NUMBERS.filter((number) => text.includes(number));
}
