/** Finds out at the start who talks: on a laptop the developer, with a tenant's issuer whoever has signed in. */

import { remember, remembered } from "../frame/settings";
import { entrance } from "./house";
import { known, type Tenant, tenant } from "./tenant";

const SIGNED_IN = "/signed-in";

let entering: Promise<void> | null = null;

/** Enters once; calls of the router wait for it. */
export function enter(): Promise<void> {
  entering ??= entered();
  return entering;
}

/** True on the way back from an issuer. */
export function returns(): boolean {
  return location.pathname === SIGNED_IN;
}

async function entered(): Promise<void> {
  tenant.value = await told();
  const { sign_in } = tenant.value;
  try {
    if (returns()) await (await entrance()).arrive(sign_in);
    else if (sign_in && remembered("signed")) await (await entrance()).resume(sign_in);
  } catch {
    return; // a browser that keeps nothing, or a part of another release: there is a button to sign in
  } finally {
    known.value = true;
  }
}

/** How people sign in here, as the server says; without a network, as it said before. */
async function told(): Promise<Tenant> {
  try {
    const response = await fetch("/console.json");
    if (!response.ok) throw new TypeError("no console");
    const sent = await response.text();
    remember("tenant", sent);
    return JSON.parse(sent) as Tenant;
  } catch {
    return JSON.parse(remembered("tenant") || '{"sign_in":null,"guests":false}') as Tenant;
  }
}
