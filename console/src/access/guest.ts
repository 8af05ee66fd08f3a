/** Guests: a pass for a day, about nobody, which this browser keeps so that a reload takes nothing from its day. */

import { remember, remembered } from "../frame/settings";

const EARLY_MS = 60_000;

interface Pass {
  token: string;
  ends: number;
}

let held: Pass | null = null;
let asking: Promise<string | null> | null = null;

/** The pass to send; a new one where there is none, or the one before is over. Null where guests are not let in. */
export async function pass(refused = ""): Promise<string | null> {
  held ??= kept();
  if (held && held.token !== refused && held.ends - EARLY_MS > Date.now()) return held.token;
  asking ??= admitted().finally(() => (asking = null));
  return asking;
}

async function admitted(): Promise<string | null> {
  const response = await fetch("/api/v2/guests", { method: "POST" });
  if (!response.ok) return null;
  const given = (await response.json()) as { token: string; expires_at: string };
  held = { token: given.token, ends: Date.parse(given.expires_at) };
  remember("guest", JSON.stringify(held));
  return held.token;
}

function kept(): Pass | null {
  try {
    return JSON.parse(remembered("guest") || "null") as Pass | null;
  } catch {
    return null;
  }
}
