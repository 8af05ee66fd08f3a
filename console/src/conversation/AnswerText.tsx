/** The text of an answer: nodes of our own making, outside the virtual tree, so that a token touches one of them. */

import { effect, useComputed } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { numbersOf } from "../safety/numbers";
import type { Answer } from "../store/model";
import { TextView } from "../text/render";
import { busy } from "./ask";
import { isLive } from "./live";

export function AnswerText({ answer, safe }: { answer: Answer; safe: boolean }) {
  const into = useRef<HTMLDivElement>(null);
  const view = useRef<TextView | null>(null);
  const here = useComputed(() => busy.value.has(answer.id)).value;
  useLayoutEffect(() => {
    if (!into.current) return undefined;
    if (safe || !view.current) {
      into.current.replaceChildren();
      view.current = new TextView(into.current, safe ? numbersOf(answer.text) : []);
    }
    const live = isLive(answer.id);
    if (!live || answer.state === "done") return void view.current.show(answer.text);
    return effect(() => view.current?.show(live.text.value));
  }, [answer.text, answer.state, here, safe]);
  return <div class="text" ref={into} />;
}
