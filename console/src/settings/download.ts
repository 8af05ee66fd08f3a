/** All conversations as a file. */

import type { Conversation } from "../store/model";

/** Hands a JSON file to the person; what is only for going on with an answer stays out. */
export function download(conversations: readonly Conversation[]): void {
  const plain = conversations.map((one) => ({
    ...one,
    turns: one.turns.map((turn) => ({ ...turn, answers: turn.answers.map(({ body: _, lastEvent: __, ...answer }) => answer) })),
  }));
  const file = new Blob([JSON.stringify({ exported: new Date().toISOString(), conversations: plain }, null, 2)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `ion-mentoring-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
