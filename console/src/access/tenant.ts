/** The tenant whose console this is, and who talks. */

import { computed, signal } from "@preact/signals";

/** How a tenant's people sign in: the metadata of its issuer (OpenID Connect), as the server has it. */
export interface SignIn {
  issuer: string;
  client_id: string;
  authorization_endpoint: string;
  token_endpoint: string;
  end_session_endpoint: string | null;
  scope: string;
  parameters: Record<string, string>;
  names_itself: boolean;
}

export interface Tenant {
  sign_in: SignIn | null;
  /** True where people may ask a little without signing in. */
  guests: boolean;
}

/** Whoever has signed in: the credential of its calls. */
export interface Holder {
  /** As the person is called; empty where the issuer does not say. */
  name: string;
  /** The token to send; null where there is none any more. */
  token(): Promise<string | null>;
  /** Another one than the one that the router refused. */
  another(refused: string): Promise<string | null>;
}

export type Refusal = "denied" | "refused" | "unreachable" | "forgotten";

export const tenant = signal<Tenant>({ sign_in: null, guests: false });
export const holder = signal<Holder | null>(null);
/** Why a sign-in did not come to its end. */
export const refusal = signal<Refusal | null>(null);
/** True once it is known who talks. */
export const known = signal(false);
/** True for somebody who has not signed in where people do: the server has nothing of such a person. */
export const visitor = computed(() => known.value && (Boolean(tenant.value.sign_in) || tenant.value.guests) && !holder.value);
export const guest = computed(() => visitor.value && tenant.value.guests);
/** How many questions a guest has left today, as far as the server has said. */
export const left = signal<number | null>(null);
/** True in a frame of another page, where no issuer shows its sign-in. */
export const framed = window.parent !== window;
