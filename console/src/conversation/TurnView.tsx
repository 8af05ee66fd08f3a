/** A question and the answers to it. */

import { Component } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../frame/Icon";
import type { Turn } from "../store/model";
import { text } from "../words";
import { AnswerView } from "./AnswerView";
import { copy } from "./copy";
import { Edit } from "./Edit";

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
        {turn.answers.map((answer) => (
          <AnswerView key={answer.id} turn={turn} answer={answer} last={last} />
        ))}
      </section>
    );
  }
}

function Asked({ turn }: { turn: Turn }) {
  const [editing, edit] = useState(false);
  if (editing) return <Edit turn={turn} close={() => edit(false)} />;
  return (
    <article class="question" aria-label={text("say.you")}>
      <p>{turn.question}</p>
      <div class="acts">
        <button type="button" onClick={() => void copy(turn.question)} aria-label={text("do.copy")} title={text("do.copy")}>
          <Icon name="copy" />
        </button>
        <button type="button" onClick={() => edit(true)} aria-label={text("do.edit")} title={text("do.edit")}>
          <Icon name="edit" />
        </button>
      </div>
    </article>
  );
}
