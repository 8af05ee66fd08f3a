/** What voice could not do, said where it was asked for, with a way on; a screen reader hears it once. */

import { useEffect, useRef } from "preact/hooks";
import { announce } from "../conversation/announce";
import { reveal } from "../conversation/scroll";
import { text } from "../words/later";
import { note } from "./state";

export type Failing = "denied" | "microphone" | "network" | "silent" | "language" | "deaf" | "mute" | "voiceless" | "unread";

/** Says it at a place, "dictation" or an answer's id; `again` tries once more. */
export function tell(at: string, what: Failing, again?: () => void): void {
  note.value = { at, View: () => <Failed at={at} what={what} again={again} /> };
  announce(text(`unheard.${what}`));
}

function Failed({ at, what, again }: { at: string; what: Failing; again: (() => void) | undefined }) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    reveal(row.current?.parentElement ?? null);
    if (document.activeElement === document.body) row.current?.querySelector("button")?.focus(); // its button is gone
  }, []);
  function leave(): void {
    note.value = null;
    (at === "dictation" ? document.getElementById("text") : document.getElementById(at)?.querySelector<HTMLElement>(".acts button"))?.focus();
  }
  return (
    <div class="unheard">
      <p>{text(`unheard.${what}`)}</p>
      <div class="row" ref={row}>
        {again && <button type="button" class="quiet" onClick={() => (leave(), again())}>{text("voice.again")}</button>}
        <button type="button" class="quiet" onClick={leave}>{text("do.close")}</button>
      </div>
    </div>
  );
}
