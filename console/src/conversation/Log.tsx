/** The conversation: its turns, or a beginning where there are none yet. */

import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { current, online, unread } from "../store/state";
import { text } from "../words";
import { announce, announced } from "./announce";
import { busy } from "./ask";
import { look, Scroller } from "./scroll";
import { Start } from "./Start";
import { TurnView } from "./TurnView";

const SHOWN_MS = 100; // until what is known is on the page

export function Log() {
  const log = useRef<HTMLElement>(null);
  const scroller = useRef<Scroller | null>(null);
  const { id, turns, elsewhere } = current.value;
  const last = turns.at(-1)?.id;

  useEffect(() => {
    if (!log.current) return undefined;
    scroller.current = new Scroller(log.current);
    return () => scroller.current?.end();
  }, []);
  useEffect(() => announce(""), [id]); // nobody hears of another conversation
  useEffect(() => scroller.current?.opened(id, last, turns.length), [id, last]);
  useSignalEffect(() => void (busy.value && setTimeout(look, SHOWN_MS)));

  return (
    <main class="log" ref={log} id="log" tabIndex={-1}>
      {turns.length === 0 && (elsewhere ? <Elsewhere id={id} /> : <Start />)}
      <div class="turns" role="log" aria-live="off" aria-label={text("list.title")}>
        {turns.map((turn, place) => (
          <TurnView key={turn.id} turn={turn} last={place === turns.length - 1} />
        ))}
      </div>
      <Announcer />
    </main>
  );
}

/** In place of a conversation that only the server has: whether it comes, or why not. */
function Elsewhere({ id }: { id: string }) {
  const away = !online.value || unread.value === id;
  return (
    <p class="soft elsewhere" role="status">
      {text(away ? "say.elsewhere" : "say.fetching")}{" "}
      {away && online.value && <button type="button" class="link" onClick={() => void import("../parts").then(({ refresh }) => refresh(id))}>{text("do.load")}</button>}
    </p>
  );
}

/** What screen readers are told; emptied first, so that the same words are said again. */
function Announcer() {
  const status = useRef<HTMLParagraphElement>(null);
  useSignalEffect(() => {
    const said = announced.value;
    const node = status.current;
    if (!node) return;
    node.textContent = "";
    setTimeout(() => (node.textContent = said), 60);
  });
  return <p class="unseen" role="status" aria-live="polite" ref={status} />;
}
