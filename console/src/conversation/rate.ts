/** Tells the router what somebody thinks of an answer. */

import { accepted } from "../words";
import type { Answer, Verdict } from "../store/model";

/** True if the router took it; where it takes none yet, the verdict stays in the browser. */
export async function rate(answer: Answer, verdict: Verdict): Promise<boolean> {
  if (!answer.facts?.request) return false;
  const body = { request_id: answer.facts.request, verdict: verdict.up ? "up" : "down", reasons: verdict.reason ? [verdict.reason] : [] };
  try {
    const headers = { "content-type": "application/json", "accept-language": accepted() };
    return (await fetch("/api/v2/feedback", { method: "POST", headers, body: JSON.stringify(body) })).ok;
  } catch {
    return false;
  }
}
