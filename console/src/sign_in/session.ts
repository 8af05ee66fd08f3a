/** The tokens of whoever has signed in, in memory alone: a page that is loaded anew asks the issuer again. */

import type { Holder, SignIn } from "../access/tenant";
import { type Claims, claimsOf, exchange, Refused, type Surroundings, type Tokens } from "./flow";

const EARLY_MS = 30_000;
const YOUNG_MS = 60_000; // a token that is refused at this age would be refused again
const LIVES_S = 300; // where the issuer does not say

export class Session implements Holder {
  readonly name: string;
  private renewing: Promise<string | null> | null = null;
  private got = 0;
  private ends = 0;
  /** What the issuer knows the session by when it is to end. */
  idToken: string | undefined;

  constructor(
    private readonly signIn: SignIn,
    private tokens: Tokens,
    private readonly claims: Claims,
    private readonly world: Surroundings,
    private readonly over: (young: boolean) => Promise<void>,
  ) {
    this.name = [claims.name, claims.preferred_username, claims.email].find((one) => typeof one === "string" && one) ?? "";
    this.take(tokens);
  }

  async token(): Promise<string | null> {
    return this.world.now() < this.ends - EARLY_MS ? this.tokens.access_token : this.renewed();
  }

  async another(refused: string): Promise<string | null> {
    if (this.tokens.access_token !== refused) return this.tokens.access_token; // another call has renewed it meanwhile
    return this.world.now() - this.got < YOUNG_MS ? null : this.renewed();
  }

  private take(tokens: Tokens): void {
    this.idToken = tokens.id_token ?? this.idToken;
    this.tokens = { ...tokens, refresh_token: tokens.refresh_token ?? this.tokens.refresh_token ?? "" };
    this.got = this.world.now();
    this.ends = this.got + (tokens.expires_in ?? LIVES_S) * 1000;
  }

  /** A new token: one renewal for all who wait, since a refresh token is good once. */
  private renewed(): Promise<string | null> {
    this.renewing ??= this.renew().finally(() => (this.renewing = null));
    return this.renewing;
  }

  private async renew(): Promise<string | null> {
    const { refresh_token } = this.tokens;
    if (!refresh_token) return this.ended();
    try {
      const tokens = await exchange(this.signIn, { grant_type: "refresh_token", refresh_token }, this.world);
      if (tokens.id_token && claimsOf(tokens.id_token, this.signIn, null, this.world.now()).sub !== this.claims.sub) throw new Refused("refused", "another person");
      this.take(tokens);
      return tokens.access_token;
    } catch (error) {
      if (!(error instanceof Refused) || error.refusal !== "unreachable") return this.ended();
      if (this.world.now() < this.ends) return this.tokens.access_token;
      throw new TypeError("the issuer cannot be reached"); // as where there is no network
    }
  }

  private async ended(): Promise<null> {
    await this.over(this.world.now() - this.got < YOUNG_MS);
    return null;
  }
}
