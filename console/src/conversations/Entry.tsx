/** One conversation in the list. */

import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../frame/Icon";
import { go } from "../frame/place";
import type { Conversation } from "../store/model";
import { open } from "../store/state";
import { language, text } from "../words";

export function Entry({ conversation }: { conversation: Conversation }) {
  const [Menu, show] = useState<ComponentType<{ conversation: Conversation; close: () => void }> | null>(null);
  const close = () => show(null);
  const { id, title } = conversation;
  return (
    <li class={open.value === id ? "entry shown" : "entry"}>
      <button type="button" class="entry-open" title={conversation.elsewhere ? text("list.server") : undefined} aria-current={open.value === id ? "page" : undefined} onClick={() => go(id)}>
        <span>{title}</span>
        <small>{when(conversation.at)}</small>
      </button>
      <button type="button" class="round" aria-label={text("list.more", { title })} aria-expanded={Boolean(Menu)} onClick={() => (Menu ? close() : void import("../parts").then((loaded) => show(() => loaded.EntryMenu)))}>
        <Icon name="more" />
      </button>
      {Menu && <Menu conversation={conversation} close={close} />}
    </li>
  );
}

/** The time of today, or the day. */
function when(at: number): string {
  const then = new Date(at);
  const today = then.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(language.value, today ? { timeStyle: "short" } : { month: "short", day: "numeric" }).format(then);
}
