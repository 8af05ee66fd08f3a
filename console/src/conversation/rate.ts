/** Ratings: kept in the browser first, then told to the router, now or when there is a network again. */

import { call } from "../access/call";
import type { Answer, Verdict } from "../store/model";
import { conversations, found, online, saveAnswer, turnOf } from "../store/state";
import { accepted } from "../words";
import { text } from "../words/later";
import { world } from "./world";

const FEEDBACK = "/api/v2/feedback";
const LATER = [401, 403, 408, 429]; // may be taken another time; so may what the server could not do

let telling = false;

/** Keeps a rating, or takes it back where it is undefined, tells the router, and returns what is said of that. */
export async function rated(conversation: string, turn: string, id: string, verdict: Verdict | undefined): Promise<string> {
  const before = answerOf(conversation, turn, id)?.verdict;
  const change = verdict ?? (before && { ...before, sent: false, back: true });
  await saveAnswer(conversation, turn, id, { verdict: change });
  const told = await tell(conversation, turn, id);
  return text(!verdict ? "rate.back" : told ? "rate.thanks" : online.value ? "rate.here" : "rate.later");
}

/** Tells the router of all ratings that it does not have yet. */
export async function tellRatings(): Promise<void> {
  if (telling || !world.online()) return;
  telling = true;
  try {
    for (const conversation of conversations.value)
      for (const turn of conversation.turns)
        for (const answer of turn.answers) if (answer.verdict && !answer.verdict.sent) await tell(conversation.id, turn.id, answer.id);
  } finally {
    telling = false;
  }
}

async function tell(conversation: string, turn: string, id: string): Promise<boolean> {
  const answer = answerOf(conversation, turn, id);
  const verdict = answer?.verdict;
  if (!answer || !verdict) return false;
  const status = await told(answer, verdict);
  const over = status > 0 && status < 500 && !LATER.includes(status);
  if (over && answerOf(conversation, turn, id)?.verdict === verdict)
    await saveAnswer(conversation, turn, id, { verdict: verdict.back ? undefined : { ...verdict, sent: true } });
  return status >= 200 && status < 300;
}

/** The status of the router's answer; 0 where there is none. */
async function told(answer: Answer, verdict: Verdict): Promise<number> {
  const { request, receipt } = answer.facts ?? {};
  if (!request) return 0;
  const body = { request_id: request, verdict: verdict.up ? "up" : "down", reasons: verdict.reason ? [verdict.reason] : [], receipt };
  const headers = { "content-type": "application/json", "accept-language": accepted() };
  try {
    const sent = verdict.back
      ? call(`${FEEDBACK}/${encodeURIComponent(request)}`, { method: "DELETE", headers })
      : call(FEEDBACK, { method: "POST", headers, body: JSON.stringify(body) });
    return (await sent).status;
  } catch {
    return 0;
  }
}

function answerOf(conversation: string, turn: string, id: string): Answer | undefined {
  const kept = found(conversation);
  return kept && turnOf(kept, turn)?.answers.find((one) => one.id === id);
}
