/** By which mark a person's conversations are kept apart in this browser: it tells nobody who that is. */

import { remember, remembered } from "../frame/settings";

let known = remembered("person");

/** The mark of whoever signed in here last; empty where nobody did. */
export function mark(): string {
  return known;
}

/** Keeps conversations as those of another person from now on. */
export function becomes(person: string): void {
  known = person;
  remember("person", person);
}
