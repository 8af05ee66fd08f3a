import assert from "node:assert/strict";
import { test } from "node:test";
import type { SignIn } from "../src/access/tenant";
import { begin, finish, type Left, Refused, type Surroundings } from "../src/sign_in/flow";
import { Session } from "../src/sign_in/session";

const ISSUER: SignIn = {
  issuer: "https://login.acme.example/",
  client_id: "console",
  authorization_endpoint: "https://login.acme.example/authorize?flavour=school",
  token_endpoint: "https://login.acme.example/token",
  end_session_endpoint: null,
  scope: "openid profile",
  parameters: { audience: "ion" },
  names_itself: false,
};
const LEFT: Left = { operate: false, fragment: "#c=abc", conversation: "abc" };
const NOW = 1_800_000_000_000;

type Answer = Record<string, unknown> | number;

/** A browser whose issuer answers with the next of these. */
function browser(...answers: Answer[]) {
  const kept = new Map<string, string>();
  const asked: { url: string; form: URLSearchParams; init: RequestInit }[] = [];
  const world: Surroundings & { time: number } = {
    time: NOW,
    fetch: async (url, init) => {
      asked.push({ url: String(url), form: init?.body as URLSearchParams, init: init ?? {} });
      const next = answers.shift();
      if (next === undefined) throw new TypeError("no network");
      return typeof next === "number" ? new Response("", { status: next }) : Response.json(next);
    },
    now: () => world.time,
    origin: "https://ion.example",
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    digest: (data) => crypto.subtle.digest("SHA-256", data),
    kept: { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value), removeItem: (name) => void kept.delete(name) },
  };
  return { world, asked, kept };
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const idToken = (claims: Record<string, unknown>) => `${part({ alg: "RS256" })}.${part(claims)}.signature`;

async function left(world: Surroundings, silent = false): Promise<URL> {
  return new URL(await begin(ISSUER, LEFT, silent, world));
}

/** The tokens for the sign-in that is under way, with claims changed. */
function tokens(address: URL, changed: Record<string, unknown> = {}, more: Record<string, unknown> = {}): Record<string, unknown> {
  const claims = { iss: ISSUER.issuer, sub: "kim", aud: "console", exp: NOW / 1000 + 300, nonce: address.searchParams.get("nonce"), ...changed };
  return { access_token: "a-1", token_type: "Bearer", expires_in: 600, refresh_token: "r-1", id_token: idToken(claims), ...more };
}

function back(address: URL, changed: Record<string, string> = {}): URLSearchParams {
  return new URLSearchParams({ code: "c", state: address.searchParams.get("state") ?? "", ...changed });
}

async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "let in",
    (error) => (error instanceof Refused ? error.refusal : `thrown: ${error}`),
  );
}

test("a sign-in asks with a challenge, and shows its verifier to the token endpoint alone", async () => {
  const { world, asked, kept } = browser();
  const address = await left(world);
  const sent = Object.fromEntries(address.searchParams);
  assert.equal(sent["flavour"], "school");
  assert.equal(sent["audience"], "ion");
  assert.deepEqual([sent["response_type"], sent["redirect_uri"], sent["code_challenge_method"]], ["code", "https://ion.example/signed-in", "S256"]);
  const { verifier, nonce } = JSON.parse([...kept.values()][0] ?? "");
  assert.ok(!address.href.includes(verifier));
  assert.equal(sent["code_challenge"], Buffer.from(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier))).toString("base64url"));
  assert.equal(new Set([verifier, nonce, sent["state"]]).size, 3);
  await assert.rejects(finish(ISSUER, back(address), world));
  assert.equal(asked[0]?.form.get("code_verifier"), verifier);
  assert.equal(asked[0]?.form.get("redirect_uri"), "https://ion.example/signed-in");
  assert.deepEqual([asked[0]?.init.redirect, asked[0]?.init.credentials], ["error", "omit"]);
});

test("tokens of the person who signed in are taken, and the page is where it was left", async () => {
  const answers: Answer[] = [];
  const { world } = browser(...answers);
  const address = await left(world);
  world.fetch = async () => Response.json(tokens(address));
  const found = await finish(ISSUER, back(address, { iss: ISSUER.issuer }), world);
  assert.deepEqual(found.left, LEFT);
  assert.deepEqual([found.got?.claims.sub, found.got?.tokens.access_token], ["kim", "a-1"]);
});

test("an answer that was begun by nobody here asks for no token", async () => {
  for (const [, sent] of Object.entries({
    "made up": (address: URL) => back(address, { state: "another" }),
    "no state": () => new URLSearchParams({ code: "c" }),
    "twice": (address: URL) => new URLSearchParams(`${back(address)}&state=x`),
  })) {
    const { world, asked } = browser();
    const address = await left(world);
    assert.equal(await refusal(finish(ISSUER, sent(address), world)), "forgotten");
    assert.equal(await refusal(finish(ISSUER, back(address), world)), "forgotten", "what was kept is good once");
    assert.equal(asked.length, 0);
  }
});

test("an answer is good once, for a while, and for the issuer that was asked", async () => {
  const { world, asked } = browser({});
  const first = await left(world);
  await refusal(finish(ISSUER, back(first), world));
  assert.equal(await refusal(finish(ISSUER, back(first), world)), "forgotten", "replayed");
  const late = await left(world);
  world.time += 16 * 60_000;
  assert.equal(await refusal(finish(ISSUER, back(late), world)), "forgotten");
  for (const iss of ["https://login.evil.example/", ""]) {
    const mixed = await left(world);
    assert.equal(await refusal(finish(ISSUER, back(mixed, { iss }), world)), "refused");
  }
  const silentAboutItself = await left(world);
  assert.equal(await refusal(finish({ ...ISSUER, names_itself: true }, back(silentAboutItself), world)), "refused");
  const changed = await left(world);
  assert.equal(await refusal(finish({ ...ISSUER, issuer: "https://login.evil.example/" }, back(changed), world)), "refused");
  assert.equal(asked.length, 1, "none of them asked for a token");
});

test("an ID token of another issuer, audience, sign-in or time lets nobody in", async () => {
  for (const changed of [
    { iss: "https://login.evil.example/" },
    { aud: "another" },
    { aud: ["console", "another"] },
    { azp: "another" },
    { nonce: "another" },
    { nonce: undefined },
    { exp: NOW / 1000 - 120 },
    { exp: "soon" },
    { sub: "" },
  ]) {
    const { world } = browser();
    const address = await left(world);
    world.fetch = async () => Response.json(tokens(address, changed));
    assert.equal(await refusal(finish(ISSUER, back(address), world)), "refused", JSON.stringify(changed));
  }
  for (const more of [{ id_token: undefined }, { id_token: "x.y" }, { access_token: 7 }, { token_type: "mac" }]) {
    const { world } = browser();
    const address = await left(world);
    world.fetch = async () => Response.json(tokens(address, {}, more));
    assert.equal(await refusal(finish(ISSUER, back(address), world)), "refused", JSON.stringify(more));
  }
});

test("a silent try that finds nobody is no error, and somebody who would not is told apart", async () => {
  const { world } = browser();
  const silent = await left(world, true);
  assert.equal(silent.searchParams.get("prompt"), "none");
  const found = await finish(ISSUER, new URLSearchParams({ state: silent.searchParams.get("state") ?? "", error: "login_required" }), world);
  assert.deepEqual(found, { left: LEFT, got: null });
  const loud = await left(world);
  assert.equal(await refusal(finish(ISSUER, new URLSearchParams({ state: loud.searchParams.get("state") ?? "", error: "login_required" }), world)), "refused");
  const denied = await left(world);
  assert.equal(await refusal(finish(ISSUER, new URLSearchParams({ state: denied.searchParams.get("state") ?? "", error: "access_denied" }), world)), "denied");
  const away = await left(browser(503).world);
  assert.ok(away);
});

async function session(...answers: Answer[]) {
  const { world, asked } = browser(...answers);
  const over: boolean[] = [];
  const claims = { iss: ISSUER.issuer, sub: "kim", aud: "console", exp: NOW / 1000 + 300, name: "Kim" };
  const first = { access_token: "a-1", token_type: "Bearer", expires_in: 600, refresh_token: "r-1" };
  return { world, asked, over, held: new Session(ISSUER, first, claims, world, async (young) => void over.push(young)) };
}

test("a token that ends is renewed once for all who wait, and the refresh token changes with it", async () => {
  const { world, asked, held } = await session({ access_token: "a-2", token_type: "bearer", expires_in: 600, refresh_token: "r-2" }, { access_token: "a-3", token_type: "bearer" });
  assert.equal(await held.token(), "a-1");
  world.time += 580_000;
  assert.deepEqual(await Promise.all([held.token(), held.token(), held.token()]), ["a-2", "a-2", "a-2"]);
  world.time += 580_000;
  assert.equal(await held.token(), "a-3");
  assert.deepEqual(asked.map(({ form }) => form.get("refresh_token")), ["r-1", "r-2"]);
});

test("a refused token is renewed, but not one that is new", async () => {
  const { world, asked, held } = await session({ access_token: "a-2", token_type: "bearer" });
  assert.equal(await held.another("a-1"), null, "it would be refused again");
  world.time += 120_000;
  assert.equal(await held.another("a-1"), "a-2");
  assert.equal(await held.another("a-1"), "a-2", "another call has renewed it");
  assert.equal(asked.length, 1);
});

test("a session ends where the issuer says so, and not where it is away", async () => {
  const ended = await session(400);
  ended.world.time += 590_000;
  assert.equal(await ended.held.token(), null);
  assert.deepEqual(ended.over, [false]);
  const away = await session(503, 503);
  away.world.time += 590_000;
  assert.equal(await away.held.token(), "a-1", "it is good for some seconds more");
  away.world.time += 60_000;
  await assert.rejects(away.held.token(), TypeError);
  assert.deepEqual(away.over, []);
});

test("a renewal that brings another person ends the session", async () => {
  const other = { iss: ISSUER.issuer, sub: "lee", aud: "console", exp: NOW / 1000 + 900 };
  const { world, over, held } = await session({ access_token: "a-2", token_type: "Bearer", id_token: idToken(other) });
  world.time += 590_000;
  assert.equal(await held.token(), null);
  assert.equal(over.length, 1);
});
