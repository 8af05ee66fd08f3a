/** Another name for a conversation in the list. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { sends } from "../composer/keys";
import type { Conversation } from "../store/model";
import { save } from "../store/state";
import { text } from "../words/later";

export function Rename({ conversation, close }: { conversation: Conversation; close: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current?.select(), []);
  async function name(): Promise<void> {
    const title = input.current?.value.trim();
    if (title) await save({ ...conversation, title, named: true });
    close();
  }
  return (
    <li class="entry naming">
      <input
        ref={input}
        defaultValue={conversation.title}
        aria-label={text("list.rename")}
        maxLength={120}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.stopPropagation(), close(); // the drawer stays
          else if (event.key === "Enter" && (sends(event) || !event.isComposing && event.keyCode !== 229)) void name();
        }}
      />
      <div class="row">
        <button type="button" class="quiet" onClick={close}>{text("do.cancel")}</button>
        <button type="button" class="strong" onClick={() => void name()}>{text("list.save")}</button>
      </div>
    </li>
  );
}
