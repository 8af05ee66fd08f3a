/** The way in for somebody who has to sign in, and what went wrong on it. */

import { text } from "../words";
import { entrance } from "./house";
import { framed, guest, left, refusal, tenant, visitor } from "./tenant";

const TOLD_FROM = 5;

/** A button; in a frame of another page, a link to a window of its own, since issuers show nothing in frames. */
export function SignIn({ look }: { look: string }) {
  if (framed) return <a class={look} href="/" target="_blank" rel="noopener">{text("sign.window")}</a>;
  return <button type="button" class={look} onClick={() => void go()}>{text("sign.in")}</button>;
}

async function go(): Promise<void> {
  try {
    await (await entrance()).signIn();
  } catch {
    refusal.value = "refused"; // a browser that keeps nothing until the way back
  }
}

/** What a visitor has to know, above the conversation. */
export function SignInNote() {
  if (!visitor.value) return null;
  return <p role="status">{told()} {tenant.value.sign_in && <SignIn look="link" />}</p>;
}

function told(): string {
  if (refusal.value) return text(`sign.${refusal.value}`);
  if (!guest.value) return text("sign.needed");
  if (left.value === 0) return text("trouble.guest");
  return left.value !== null && left.value <= TOLD_FROM ? text("guest.left", { left: left.value }) : text("guest.here");
}
