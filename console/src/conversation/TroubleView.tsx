/** What went wrong, in a person's words, with a way on. */

import { useEffect, useState } from "preact/hooks";
import { SignIn } from "../access/SignIn";
import { tenant, visitor } from "../access/tenant";
import type { Trouble } from "../api/trouble";
import { Lines } from "../safety/Lines";
import type { Answer, Turn } from "../store/model";
import { text } from "../words";
import { askAgain, busy } from "./ask";

const SOON = ["limited", "busy", "too_long", "empty"]; // an answer is a moment away; else danger may not wait for one
const FINAL = ["too_long", "empty", "forbidden"];

export function TroubleView({ turn, answer }: { turn: Turn; answer: Answer }) {
  const trouble = answer.trouble;
  const left = useCountdown(trouble?.again);
  if (!trouble) return null;
  const goesOn = Boolean(answer.text);
  const signs = visitor.value && tenant.value.sign_in && (trouble.kind === "sign_in" || trouble.kind === "guest");
  return (
    <div class="trouble" role="alert">
      <p>{goesOn && trouble.kind === "unreachable" ? text("trouble.gone") : sentence(trouble, left)}</p>
      {trouble.kind === "other" && trouble.said && <p class="soft">{trouble.said}</p>}
      {trouble.request && !signs && <p class="soft number">{text("trouble.number", { request: trouble.request })}</p>}
      {!SOON.includes(trouble.kind) && <Lines of={turn.question} />}
      {signs && <SignIn look="strong" />}
      {!FINAL.includes(trouble.kind) && !(trouble.kind === "sign_in" && signs) && !(trouble.kind === "guest" && left > 0) && (
        <button type="button" class="strong" disabled={left > 0 || busy.value.has(answer.id)} onClick={() => void askAgain(turn, answer)}>
          {text(goesOn ? "do.goOn" : "do.again")}
        </button>
      )}
    </div>
  );
}

function sentence(trouble: Trouble, left: number): string {
  if (trouble.kind === "limited" || (trouble.kind === "busy" && left > 0)) {
    return left > 0 ? text("trouble.limited", { seconds: left }) : text("trouble.limitedOver");
  }
  return text(`trouble.${trouble.kind}`);
}

/** The whole seconds until then. */
function useCountdown(until: number | undefined): number {
  const rest = () => Math.max(0, Math.ceil(((until ?? 0) - Date.now()) / 1000));
  const [left, setLeft] = useState(rest);
  useEffect(() => {
    if (!until) return undefined;
    const timer = setInterval(() => setLeft(rest()), 500);
    return () => clearInterval(timer);
  }, [until]);
  return left;
}
