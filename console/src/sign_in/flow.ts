/** Signing in: OpenID Connect's code flow with PKCE (RFC 6749, 7636, 9207, 9700), for a client that keeps no secret. */

import type { Refusal, SignIn } from "../access/tenant";

/** What signing in needs of the browser: what a test replaces. */
export interface Surroundings {
  fetch: typeof fetch;
  now(): number;
  origin: string;
  random(bytes: number): Uint8Array<ArrayBuffer>;
  digest(data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>;
  /** Kept in this tab alone, until it is closed. */
  kept: Pick<Storage, "getItem" | "setItem" | "removeItem">;
}

/** Where the page was left: it is shown again, and no address says where to go. */
export interface Left {
  operate: boolean;
  fragment: string;
  conversation: string;
}

interface Begun extends Left {
  issuer: string;
  state: string;
  nonce: string;
  verifier: string;
  at: number;
  silent: boolean;
}

export interface Tokens {
  access_token: string;
  token_type: string;
  expires_in?: number;
  refresh_token?: string;
  id_token?: string;
}

export interface Claims {
  iss: string;
  sub: string;
  aud: string | string[];
  azp?: string;
  exp: number;
  nonce?: string;
  name?: string;
  preferred_username?: string;
  email?: string;
}

/** A sign-in that did not come to its end; `why` names what did not hold, and none of its values. */
export class Refused extends Error {
  constructor(
    readonly refusal: Refusal,
    why: string,
    readonly left: Left | null = null,
  ) {
    super(`sign-in refused: ${why}`);
  }
}

export const KEPT = "ion.sign-in";
const WITHIN_MS = 15 * 60_000; // from leaving to coming back
const ANSWERS_MS = 10_000;
const SKEW_S = 60; // by which this device's clock may be wrong
const SILENT = ["login_required", "interaction_required", "consent_required", "account_selection_required"];

/** The address to go to; what the way back is told by is kept in this tab. */
export async function begin(signIn: SignIn, left: Left, silent: boolean, world: Surroundings): Promise<string> {
  const [state, nonce, verifier] = [drawn(world), drawn(world), drawn(world)];
  const begun: Begun = { ...left, issuer: signIn.issuer, state, nonce, verifier, at: world.now(), silent };
  world.kept.setItem(KEPT, JSON.stringify(begun));
  const address = new URL(signIn.authorization_endpoint);
  const asked = {
    ...signIn.parameters,
    response_type: "code",
    client_id: signIn.client_id,
    redirect_uri: redirectUri(world),
    scope: signIn.scope,
    state,
    nonce,
    code_challenge: base64url(new Uint8Array(await world.digest(new TextEncoder().encode(verifier)))),
    code_challenge_method: "S256",
    ...(silent ? { prompt: "none" } : {}),
  };
  for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
  return address.href;
}

/** What an issuer's answer brings: tokens, whose they are, and where the page was left; null where a silent try found nobody. */
export async function finish(signIn: SignIn, sent: URLSearchParams, world: Surroundings): Promise<{ left: Left; got: { tokens: Tokens; claims: Claims } | null }> {
  const begun = taken(world);
  const state = one(sent, "state");
  if (!begun || !state || state !== begun.state) throw new Refused("forgotten", "state");
  const left: Left = { operate: begun.operate, fragment: begun.fragment, conversation: begun.conversation };
  const refuse = (refusal: Refusal, why: string) => new Refused(refusal, why, left);
  if (world.now() - begun.at > WITHIN_MS) throw refuse("forgotten", "too late");
  if (begun.issuer !== signIn.issuer) throw refuse("refused", "another issuer was asked");
  const named = one(sent, "iss");
  if ((named !== null || sent.has("iss") || signIn.names_itself) && named !== signIn.issuer) throw refuse("refused", "iss");
  const error = one(sent, "error");
  if (error && begun.silent && SILENT.includes(error)) return { left, got: null };
  if (sent.has("error")) throw refuse(error === "access_denied" ? "denied" : "refused", "error");
  const code = one(sent, "code");
  if (!code) throw refuse("refused", "code");
  try {
    const tokens = await exchange(signIn, { grant_type: "authorization_code", code, redirect_uri: redirectUri(world), code_verifier: begun.verifier }, world);
    return { left, got: { tokens, claims: claimsOf(tokens.id_token, signIn, begun.nonce, world.now()) } };
  } catch (failed) {
    throw failed instanceof Refused ? refuse(failed.refusal, failed.message) : failed;
  }
}

/** Tokens for a grant; Refused where the issuer gives none, or cannot be reached. */
export async function exchange(signIn: SignIn, grant: Record<string, string>, world: Surroundings): Promise<Tokens> {
  let response: Response;
  try {
    response = await world.fetch(signIn.token_endpoint, {
      method: "POST",
      body: new URLSearchParams({ ...grant, client_id: signIn.client_id }),
      credentials: "omit",
      redirect: "error",
      cache: "no-store",
      signal: AbortSignal.timeout(ANSWERS_MS),
    });
  } catch {
    throw new Refused("unreachable", "no answer of the token endpoint");
  }
  if (response.status >= 500 || response.status === 429) throw new Refused("unreachable", "the token endpoint is not well");
  const tokens = (await response.json().catch(() => null)) as Partial<Tokens> | null;
  if (!response.ok || typeof tokens?.access_token !== "string" || tokens.token_type?.toLowerCase() !== "bearer") throw new Refused("refused", "no token");
  return tokens as Tokens;
}

/** The claims of an ID token that came straight from the issuer's token endpoint (OpenID Connect Core, 3.1.3.7). */
export function claimsOf(token: string | undefined, signIn: SignIn, nonce: string | null, now: number): Claims {
  const claims = decoded(token);
  const audience = [claims?.aud].flat();
  if (!claims || typeof claims.sub !== "string" || !claims.sub) throw new Refused("refused", "no ID token");
  if (claims.iss !== signIn.issuer) throw new Refused("refused", "iss of the ID token");
  if (!audience.includes(signIn.client_id) || (claims.azp !== undefined && claims.azp !== signIn.client_id)) throw new Refused("refused", "aud of the ID token");
  if (audience.length > 1 && claims.azp !== signIn.client_id) throw new Refused("refused", "azp of the ID token");
  if (!(claims.exp > now / 1000 - SKEW_S)) throw new Refused("refused", "exp of the ID token");
  if (nonce !== null && claims.nonce !== nonce) throw new Refused("refused", "nonce");
  return claims;
}

function decoded(token: string | undefined): Claims | null {
  try {
    const part = (token ?? "").split(".")[1] ?? "";
    const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as Claims;
  } catch {
    return null;
  }
}

/** What was kept when the page was left: once, whatever comes of it. */
function taken(world: Surroundings): Begun | null {
  const kept = world.kept.getItem(KEPT);
  world.kept.removeItem(KEPT);
  return kept ? (JSON.parse(kept) as Begun) : null;
}

/** A parameter that is there once. */
function one(sent: URLSearchParams, name: string): string | null {
  const all = sent.getAll(name);
  return all.length === 1 ? (all[0] ?? null) : null;
}

export function redirectUri(world: Surroundings): string {
  return `${world.origin}/signed-in`;
}

/** 256 random bits. */
function drawn(world: Surroundings): string {
  return base64url(world.random(32));
}

export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
