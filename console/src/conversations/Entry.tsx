/** One conversation in the list. */

import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../frame/Icon";
import { go } from "../frame/place";
import type { Conversation } from "../store/model";
import { open } from "../store/state";
import { language, text } from "../words";
import { today } from "./day";

/** `twin` where another one has the same title: then the time tells. */
export function Entry({ conversation, title, twin }: { conversation: Conversation; title: string; twin: boolean }) {
  const [Menu, show] = useState<ComponentType<{ conversation: Conversation; title: string; close: () => void }> | null>(null);
  const close = () => show(null);
  const { id } = conversation;
  return (
    <li class={open.value === id ? "entry shown" : "entry"}>
      <button type="button" class="entry-open" title={conversation.elsewhere ? text("list.server") : undefined} aria-current={open.value === id ? "page" : undefined} onClick={() => go(id)}>
        <span>{title}</span>
        <small>{twin ? exactly(conversation.at) : when(conversation.at)}</small>
      </button>
      <button type="button" class="round" aria-label={text("list.more", { title })} aria-expanded={Boolean(Menu)} onClick={() => (Menu ? close() : void import("../parts").then((loaded) => show(() => loaded.EntryMenu)))}>
        <Icon name="more" />
      </button>
      {Menu && <Menu conversation={conversation} title={title} close={close} />}
    </li>
  );
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** The second, and its day unless that is today. */
function exactly(at: number): string {
  return new Intl.DateTimeFormat(language.value, { ...(at >= today.value ? {} : { dateStyle: "medium" }), timeStyle: "medium" }).format(at);
}

/** The time of today, yesterday, or the day; with its year where that is another one. */
function when(at: number): string {
  const then = new Date(at);
  if (at >= today.value) return new Intl.DateTimeFormat(language.value, { timeStyle: "short" }).format(then);
  const noon = new Date(today.value - DAY_MS / 2);
  if (then.toDateString() === noon.toDateString()) return new Intl.RelativeTimeFormat(language.value, { numeric: "auto" }).format(-1, "day");
  const years = then.getFullYear() === new Date(today.value).getFullYear() ? {} : ({ year: "numeric" } as const);
  return new Intl.DateTimeFormat(language.value, { month: "short", day: "numeric", ...years }).format(then);
}
