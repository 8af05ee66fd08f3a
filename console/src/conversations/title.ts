/** What a conversation is called: by its first question, or, where that tells of a danger, by its day and mentor alone, since others may look on. */

import { alarming } from "../safety/signs";
import type { Conversation } from "../store/model";
import { personaOf } from "../store/state";
import { language, own } from "../words";

export function titled(conversation: Conversation): string {
  const { title, named, at, by, turns } = conversation;
  if (named || !title || !tellsOfDanger(conversation)) return title;
  const mentor = turns[0]?.answers.find((answer) => answer.mentor)?.mentor ?? by;
  const day = new Intl.DateTimeFormat(language.value, { month: "long", day: "numeric" }).format(turns[0]?.at ?? at);
  return [day, own(personaOf(mentor)?.name)].filter(Boolean).join(" · ");
}

/** As the server said, of the answer or in its list; before it did, by the words of the question. */
function tellsOfDanger({ quiet, turns }: Conversation): boolean {
  if (quiet || !turns[0]) return Boolean(quiet);
  const told = turns[0].answers.filter((answer) => answer.state === "done" && answer.facts);
  return told.length ? told.some(({ facts }) => facts?.safety || facts?.care) : alarming(turns[0].question);
}
