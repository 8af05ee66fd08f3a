/** A question and the answers to it. */

import { Component, type ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../frame/Icon";
import { saves } from "../safety/Safe";
import type { Answer, Turn } from "../store/model";
import { text } from "../words";
import { AnswerView } from "./AnswerView";
import { CopyButton } from "./CopyButton";
import { drafts } from "./drafts";

interface Props {
  turn: Turn;
  last: boolean;
}

/** Drawn anew only if the turn is another value. */
export class TurnView extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return next.turn !== this.props.turn || next.last !== this.props.last;
  }

  override render({ turn, last }: Props) {
    return (
      <section class="turn">
        <Asked turn={turn} />
        {turn.answers.filter(told).map((answer) => (
          <AnswerView key={answer.id} turn={turn} answer={answer} last={last} />
        ))}
      </section>
    );
  }
}

/** False for another mentor once where to turn was said: one answers then. */
function told(answer: Answer, place: number, all: Answer[]): boolean {
  const first = all.findIndex(saves);
  return first < 0 || place <= first || Boolean(answer.text && !saves(answer));
}

function Asked({ turn }: { turn: Turn }) {
  const [Edit, edit] = useState<ComponentType<{ turn: Turn; close: () => void }> | null>(null);
  const write = () => void import("../parts").then((loaded) => edit(() => loaded.Edit));
  useEffect(() => {
    if (drafts.has(turn.id)) write();
  }, []);
  if (Edit) return <Edit turn={turn} close={() => edit(null)} />;
  return (
    <article class="question" aria-label={text("say.you")}>
      <p>{turn.question}</p>
      <div class="acts">
        <CopyButton what={turn.question} />
        <button type="button" onClick={write} aria-label={text("do.edit")} title={text("do.edit")}>
          <Icon name="edit" />
        </button>
      </div>
    </article>
  );
}
