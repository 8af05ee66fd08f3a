/** One mentor's answer: who, what, why, and what can be done with it. */

import { useComputed } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { Face } from "../faces/Face";
import { Lines } from "../safety/Lines";
import { Safe, saves } from "../safety/Safe";
import { alarming } from "../safety/signs";
import type { Answer, Turn } from "../store/model";
import { underWay } from "../store/model";
import { personaOf } from "../store/state";
import { own, text } from "../words";
import { Acts } from "./Acts";
import { AnswerText } from "./AnswerText";
import { ask, askAgain, busy } from "./ask";
import { TroubleView } from "./TroubleView";
import { Waiting } from "./Waiting";

const STILL_MS = 12_000;

interface Props {
  turn: Turn;
  answer: Answer;
  last: boolean;
}

export function AnswerView({ turn, answer, last }: Props) {
  const { facts, state } = answer;
  const persona = personaOf(answer.mentor ?? answer.asked);
  const writing = underWay(answer);
  const name = own(persona?.name) || answer.mentor;
  const safe = saves(answer);
  return (
    <article class={`answer mentor-${persona?.id ?? ""}${safe ? " safe" : ""}${answer.later ? " later" : ""}`} id={answer.id} aria-busy={writing} lang={facts?.language} aria-label={name}>
      {safe && <Safe answer={answer} />}
      {(name || writing) && <header>
        <Face of={answer.mentor ?? answer.asked} />
        <h2>
          {name ? <strong>{name}</strong> : <span class="soft">{text("say.thinking")}</span>}
          {persona && <small>{own(persona.role)}</small>}
        </h2>
        {writing && <Writing />}
      </header>}
      {safe && turn.answers[1] && answer === turn.answers[0] && <p class="soft">{text("safe.alone")}</p>}
      {facts?.care && state === "done" && <p class="care">{text("care.title")}</p>}
      <AnswerText answer={answer} safe={safe || !facts || Boolean(facts.care)} />
      {state === "stopped" && <Stopped turn={turn} answer={answer} last={last} />}
      {state === "stopped" && !answer.text && answer === turn.answers[0] && alarming(turn.question) && <Lines of={turn.question} />}
      {facts?.cutShort && <p class="soft">{text("say.cut")}</p>}
      {facts?.degraded?.some((part) => part === "persona" || part === "model") && <p class="soft">{text("say.replaced")}</p>}
      {state === "queued" && <Waiting turn={turn} answer={answer} />}
      {answer.trouble && state === "failed" && <TroubleView turn={turn} answer={answer} />}
      {last && state === "done" && facts?.offered && <Choices offered={facts.offered} />}
      {(state === "done" || state === "stopped") && answer.text && <Acts turn={turn} answer={answer} last={last} />}
    </article>
  );
}

/** What was stopped, and the way to ask it once more while nothing was asked after it. */
function Stopped({ turn, answer, last }: Props) {
  return (
    <p class="row">
      <span class="soft">{text("say.stopped")}</span>
      {last && <button type="button" class="quiet" onClick={() => void askAgain(turn, answer)}>{text("do.once")}</button>}
    </p>
  );
}

/** Dots while an answer is under way, and a word after a while. */
function Writing() {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), STILL_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <span class="writing">
      <i /><i /><i />
      <span class={long ? "" : "unseen"}>{text(long ? "say.still" : "say.writing")}</span>
    </span>
  );
}

/** What may be meant, to choose from with a tap. */
function Choices({ offered }: { offered: string[] }) {
  const waits = useComputed(() => busy.value.size > 0).value;
  return (
    <div class="choices">
      <p class="soft">{text("choose.title")}</p>
      <ul>
        {offered.map((title) => (
          <li key={title}>
            <button type="button" disabled={waits} onClick={() => void ask(title, "")}>{title}</button>
          </li>
        ))}
      </ul>
    </div>
  );
}
