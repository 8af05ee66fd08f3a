/** Calls of the router, with the credential of whoever talks. */

import { enter } from "./enter";
import { holder } from "./tenant";

/** Calls as `fetch` does. A token that the router refuses is renewed, once. */
export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  await enter();
  const token = (await holder.value?.token()) ?? null;
  const response = await fetch(path, carrying(init, token));
  if (response.status !== 401 || !token) return response;
  const another = await holder.value?.another(token);
  return another ? fetch(path, carrying(init, another)) : response;
}

function carrying(init: RequestInit, token: string | null): RequestInit {
  return token ? { ...init, headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` } } : init;
}
