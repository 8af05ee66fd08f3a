/** Signing in and out in this browser: the redirects, and what is kept over them. */

import type { House } from "../access/house";
import type { SignIn } from "../access/tenant";
import { carry } from "./carry";
import { base64url, begin, type Claims, finish, type Left, Refused, type Surroundings, type Tokens } from "./flow";
import { Session } from "./session";

const LEAVES_MS = 15_000; // from a redirect to the end of the page
const PROBED_MS = 3_000;
const MARK = 16; // characters: 96 bits

const world: Surroundings = {
  fetch: (...sent) => fetch(...sent),
  now: () => Date.now(),
  origin: location.origin,
  random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  digest: (data) => crypto.subtle.digest("SHA-256", data),
  kept: sessionStorage,
};

/** The way in and out. */
export class Entrance {
  private session: Session | null = null;

  constructor(private readonly house: House) {}

  /** Goes to the issuer, where somebody signs in. */
  async signIn(): Promise<void> {
    const { sign_in } = this.house.tenant.value;
    if (sign_in) location.assign(await begin(sign_in, this.left(), false, world));
  }

  /** Asks the issuer for whoever is signed in there, without a question to anybody; the page is back within a second. */
  async resume(signIn: SignIn): Promise<void> {
    if (this.house.framed || !navigator.onLine || !(await reachable(signIn))) return;
    location.replace(await begin(signIn, this.left(), true, world));
    await new Promise((resolve) => setTimeout(resolve, LEAVES_MS));
  }

  /** Takes what an issuer answers out of the address, before anything else sees it. */
  async arrive(signIn: SignIn | null): Promise<void> {
    const sent = new URL(location.href).searchParams;
    history.replaceState(null, "", "/");
    if (!signIn) return;
    try {
      const { left, got } = await finish(signIn, sent, world);
      this.goBack(left);
      if (got) await this.hold(signIn, got, left);
      else this.house.remember("signed", "");
    } catch (error) {
      const refused = error instanceof Refused ? error : new Refused("refused", "unforeseen");
      if (refused.left) this.goBack(refused.left);
      if (refused.refusal !== "unreachable") this.house.remember("signed", "");
      this.house.refusal.value = refused.refusal;
    }
  }

  /** Signs out here, in other tabs, and at the issuer; the copy of the conversations in this browser goes. */
  async signOut(): Promise<void> {
    const { sign_in } = this.house.tenant.value;
    const hint = this.session?.idToken;
    this.house.holder.value = this.session = null;
    this.house.remember("signed", "");
    await this.house.forgetAll();
    this.house.becomes("");
    if (!sign_in?.end_session_endpoint) return location.replace("/");
    const address = new URL(sign_in.end_session_endpoint);
    const sent = { client_id: sign_in.client_id, post_logout_redirect_uri: `${location.origin}/`, ...(hint ? { id_token_hint: hint } : {}) };
    for (const [name, value] of Object.entries(sent)) address.searchParams.set(name, value);
    location.assign(address.href);
  }

  private async hold(signIn: SignIn, { tokens, claims }: { tokens: Tokens; claims: Claims }, left: Left): Promise<void> {
    const { house } = this;
    const digest = await world.digest(new TextEncoder().encode(`${claims.iss} ${claims.sub}`));
    const before = house.mark();
    house.becomes(base64url(new Uint8Array(digest)).slice(0, MARK));
    house.remember("signed", "yes");
    if (!before) await carry(left.conversation, house.nobodys(), house.keeper, house.tenant.value.guests);
    this.session = new Session(signIn, tokens, claims, world, async (young) => {
      house.holder.value = this.session = null;
      if (!young) await this.resume(signIn);
    });
    house.holder.value = this.session;
  }

  private left(): Left {
    return { operate: location.pathname === "/operate", fragment: location.hash, conversation: this.house.open.value };
  }

  /** Shows what was shown when the page was left, at an address of ours whatever is kept. */
  private goBack({ operate, fragment, conversation }: Left): void {
    history.replaceState(null, "", `${operate ? "/operate" : "/"}${fragment.startsWith("#") ? fragment : ""}`);
    this.house.open.value = conversation;
  }
}

/** True where the issuer answers at all: an error page of the browser would hide the conversations. */
async function reachable(signIn: SignIn): Promise<boolean> {
  try {
    await fetch(signIn.token_endpoint, { method: "HEAD", mode: "no-cors", credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(PROBED_MS) });
    return true;
  } catch {
    return false;
  }
}
