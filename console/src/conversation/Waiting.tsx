/** A question that waits for the network; one that waited long is sent only if whoever asked says so. */

import { Lines } from "../safety/Lines";
import type { Answer, Turn } from "../store/model";
import { current, online, saveAnswer } from "../store/state";
import { text } from "../words";
import { askAgain, waitedLong } from "./ask";

export function Waiting({ turn, answer }: { turn: Turn; answer: Answer }) {
  const old = waitedLong(answer);
  return (
    <div class="trouble">
      <p>{text(old ? "say.old" : "say.queued")}</p>
      <div class="row">
        {old && online.value && <button type="button" class="strong" onClick={() => void askAgain(turn, answer)}>{text("do.send")}</button>}
        <button type="button" class="quiet" onClick={() => void saveAnswer(current.value.id, turn.id, answer.id, { state: "stopped" })}>{text("do.drop")}</button>
      </div>
      {!online.value && answer === turn.answers[0] && <Lines of={turn.question} />}
    </div>
  );
}
