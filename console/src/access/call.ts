/** Calls of the router, with the credential of whoever talks. */

import { enter } from "./enter";
import { pass } from "./guest";
import { guest, holder, left } from "./tenant";

/** Calls as `fetch` does. A token that the router refuses is renewed, once. */
export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  await enter();
  const token = await credential();
  const response = heard(await fetch(path, carrying(init, token)));
  if (response.status !== 401 || !token) return response;
  const another = guest.value ? await pass(token) : await holder.value?.another(token);
  return another ? heard(await fetch(path, carrying(init, another))) : response;
}

/** What to send: the token of whoever has signed in, or the pass of a guest. */
async function credential(): Promise<string | null> {
  if (holder.value) return holder.value.token();
  return guest.value ? pass() : null;
}

function carrying(init: RequestInit, token: string | null): RequestInit {
  return token ? { ...init, headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` } } : init;
}

/** The same response, once a guest knows from it how much is left of the day. */
function heard(response: Response): Response {
  const found = /"guest";r=(\d+)/.exec(response.headers.get("ratelimit") ?? "");
  if (found) left.value = Number(found[1]);
  return response;
}
