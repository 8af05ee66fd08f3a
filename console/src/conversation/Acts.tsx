/** What can be done with an answer: copy, rate, see why, ask another mentor. */

import { useComputed } from "@preact/signals";
import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import { visitor } from "../access/tenant";
import { Icon } from "../frame/Icon";
import { saves } from "../safety/Safe";
import type { Answer, Turn, Verdict } from "../store/model";
import { current, personaOf, personas } from "../store/state";
import { buttons } from "../voice/state";
import { own, text } from "../words";
import { askAnother, busy } from "./ask";
import { CopyButton } from "./CopyButton";

interface Props {
  turn: Turn;
  answer: Answer;
  last: boolean;
}

export function Acts({ turn, answer, last }: Props) {
  const [Why, showWhy] = useState<ComponentType<{ answer: Answer; next: string | undefined }> | null>(null);
  const [thanks, setThanks] = useState("");
  const [Reasons, ask] = useState<ComponentType<{ choose: (reason: string) => void }> | null>(null);
  const mentor = own(personaOf(answer.mentor)?.name) || answer.mentor || "";
  const other = nextBest(turn, answer);
  const safe = saves(answer);
  const voice = buttons.value;
  const waits = useComputed(() => last && busy.value.size > 0).value;

  async function toggleWhy(): Promise<void> {
    if (Why) return showWhy(null);
    const loaded = await import("../parts");
    showWhy(() => loaded.Why);
  }

  const given = answer.verdict?.back ? undefined : answer.verdict;

  async function verdict(next: Verdict): Promise<void> {
    const back = given?.up === next.up && !next.reason;
    const { rated, Reasons } = await import("../parts");
    ask(() => Reasons);
    setThanks(await rated(current.value.id, turn.id, answer.id, back ? undefined : next));
  }

  return (
    <>
      <div class="acts">
        <CopyButton what={answer.text} />
        {voice && <voice.Aloud answer={answer} />}
        {!safe && answer.state === "done" && answer.facts?.request && (
          <>
            {!visitor.value && <Thumb up given={given} onClick={() => void verdict({ up: true })} />}
            {!visitor.value && <Thumb given={given} onClick={() => void verdict({ up: false })} />}
            <button type="button" class="worded" aria-expanded={Boolean(Why)} onClick={() => void toggleWhy()}>{text("do.why", { mentor })}</button>
          </>
        )}
        {!safe && last && answer.facts && other && (
          <button type="button" class="worded" disabled={waits} onClick={() => void askAnother(turn, other.id)}>
            {text("do.also", { mentor: own(other.name) })}
          </button>
        )}
      </div>
      {voice && <voice.VoiceNote at={answer.id} />}
      {Reasons && given?.up === false && !given.reason && <Reasons choose={(reason) => void verdict({ up: false, reason })} />}
      {thanks && <p class="soft" role="status">{thanks}</p>}
      {Why && <Why answer={answer} next={other?.id} />}
    </>
  );
}

function Thumb({ up = false, given, onClick }: { up?: boolean; given: Verdict | undefined; onClick: () => void }) {
  const label = text(up ? "do.good" : "do.bad");
  return (
    <button type="button" aria-pressed={given?.up === up} aria-label={label} title={label} onClick={onClick}>
      <Icon name={up ? "up" : "down"} />
    </button>
  );
}

/** The best mentor who has not answered this question yet. */
function nextBest(turn: Turn, answer: Answer) {
  const answered = new Set(turn.answers.map((one) => personaOf(one.mentor ?? one.asked)?.id));
  const scores = answer.facts?.routing.scores ?? {};
  return personas.value.filter((one) => !answered.has(one.id)).toSorted((a, b) => (scores[b.id] ?? 0) - (scores[a.id] ?? 0))[0];
}
