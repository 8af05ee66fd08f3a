/** Whoever has signed in, and the way out. */

import { useState } from "preact/hooks";
import { entrance } from "../access/house";
import { mark } from "../access/person";
import { SignIn } from "../access/SignIn";
import { guest, holder, tenant } from "../access/tenant";
import { conversations } from "../store/state";
import { text } from "../words/later";

export function Account() {
  const [sure, setSure] = useState(false);
  if (!tenant.value.sign_in) return null;
  const nobody = guest.value ? "guest.here" : "sign.needed";
  const name = holder.value?.name;
  const here = conversations.value.filter((one) => one.turns.length && (one.apart || one.turns.some((turn) => turn.answers.every((answer) => answer.state !== "done")))).length;
  const out = async () => (await entrance()).signOut();
  return (
    <fieldset class="setting">
      <legend>{text("sign.account")}</legend>
      <p class="soft">{holder.value ? (name ? text("sign.as", { name }) : text("sign.anonymous")) : text(nobody)}</p>
      {sure && <p>{text("sign.outSure")} {here > 0 && text("sign.here", { count: here })}</p>}
      <div class="row">
        {!holder.value && <SignIn look="strong" />}
        {sure && <button type="button" onClick={() => setSure(false)}>{text("do.cancel")}</button>}
        {(holder.value || mark()) && <button type="button" class={sure ? "danger" : ""} onClick={() => (sure ? void out() : setSure(true))}>{text("sign.out")}</button>}
      </div>
    </fieldset>
  );
}
