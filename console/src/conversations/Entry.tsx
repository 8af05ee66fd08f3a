/** One conversation in the list. */

import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../frame/Icon";
import { go } from "../frame/place";
import type { Conversation } from "../store/model";
import { forget, open } from "../store/state";
import { newId } from "../store/model";
import { language, text } from "../words";
import { eraseOnServer } from "./server";

export function Entry({ conversation }: { conversation: Conversation }) {
  const [menu, setMenu] = useState(false);
  const [Rename, rename] = useState<ComponentType<{ conversation: Conversation; close: () => void }> | null>(null);
  const [sure, setSure] = useState(false);
  const { id, title } = conversation;

  async function remove(): Promise<void> {
    await forget(id);
    void eraseOnServer(id);
    if (open.value === id) go(newId());
  }

  if (Rename) return <Rename conversation={conversation} close={() => rename(null)} />;
  return (
    <li class={open.value === id ? "entry shown" : "entry"}>
      <button type="button" class="entry-open" title={conversation.elsewhere ? text("list.server") : undefined} aria-current={open.value === id ? "page" : undefined} onClick={() => go(id)}>
        <span>{title}</span>
        <small>{when(conversation.at)}</small>
      </button>
      <button type="button" class="round" aria-label={text("list.more", { title })} aria-expanded={menu} onClick={() => setMenu(!menu)}><Icon name="more" /></button>
      {menu && !sure && (
        <div class="entry-menu">
          <button type="button" onClick={() => void import("../parts").then((loaded) => rename(() => loaded.Rename))}>{text("list.rename")}</button>
          <button type="button" class="danger" onClick={() => setSure(true)}>{text("list.delete")}</button>
        </div>
      )}
      {sure && (
        <div class="entry-menu" role="alertdialog" aria-label={text("list.deleteSure", { title })}>
          <p>{text("list.deleteSure", { title })}</p>
          <button type="button" onClick={() => (setSure(false), setMenu(false))}>{text("do.cancel")}</button>
          <button type="button" class="danger" onClick={() => void remove()}>{text("list.delete")}</button>
        </div>
      )}
    </li>
  );
}

/** The time of today, or the day. */
function when(at: number): string {
  const then = new Date(at);
  const today = then.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(language.value, today ? { timeStyle: "short" } : { month: "short", day: "numeric" }).format(then);
}
