/** What can be done with a conversation in the list: another name, or the end. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { sends } from "../composer/keys";
import { forgetPlaces, go } from "../frame/place";
import { type Conversation, newId } from "../store/model";
import { forget, open, save } from "../store/state";
import { text } from "../words/later";
import { eraseOnServer } from "./server";

interface Props {
  conversation: Conversation;
  title: string;
  close: () => void;
}

export function EntryMenu({ conversation, title, close }: Props) {
  const [step, take] = useState<"choose" | "name" | "delete">("choose");
  const { id } = conversation;

  async function remove(): Promise<void> {
    await forget(id);
    void eraseOnServer(id);
    if (open.value === id) go(newId());
    forgetPlaces([id]);
  }

  if (step === "name") return <Rename conversation={conversation} title={title} close={close} />;
  if (step === "choose") {
    return (
      <div class="entry-menu">
        <button type="button" onClick={() => take("name")}>{text("list.rename")}</button>
        <button type="button" class="danger" onClick={() => take("delete")}>{text("list.delete")}</button>
      </div>
    );
  }
  return (
    <div class="entry-menu" role="alertdialog" aria-label={text("list.deleteSure", { title })}>
      <p>{text("list.deleteSure", { title })}</p>
      <button type="button" onClick={close}>{text("do.cancel")}</button>
      <button type="button" class="danger" onClick={() => void remove()}>{text("list.delete")}</button>
    </div>
  );
}

function Rename({ conversation, title: before, close }: Props) {
  const input = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => input.current?.select(), []);
  async function name(): Promise<void> {
    const title = input.current?.value.trim();
    if (title) await save({ ...conversation, title, named: true });
    close();
  }
  return (
    <div class="naming">
      <input
        ref={input}
        defaultValue={before}
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
    </div>
  );
}
