/** The conversations: search, open, rename, delete. Beside the conversation on a wide screen, a drawer on a phone. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { holder } from "../access/tenant";
import { Icon } from "../frame/Icon";
import { go } from "../frame/place";
import { drawer, settingsOpen } from "../frame/shown";
import { newId } from "../store/model";
import { listed } from "../store/state";
import { finds } from "../text/count";
import { text } from "../words";
import { Entry } from "./Entry";
import { titled } from "./title";

export function Sidebar() {
  const search = useSignal("");
  const nav = useRef<HTMLElement>(null);
  const named = listed.value.map((one) => ({ one, title: titled(one) }));
  const shown = named.filter(({ one, title }) => !search.value.trim() || finds(search.value.trim(), searched(title, one.turns)));
  useEffect(() => {
    if (!drawer.value) return undefined;
    nav.current?.querySelector<HTMLElement>("button")?.focus();
    const close = (event: KeyboardEvent) => event.key === "Escape" && (drawer.value = false);
    addEventListener("keydown", close);
    return () => removeEventListener("keydown", close);
  }, [drawer.value]);

  return (
    <>
      {drawer.value && <div class="shade" onClick={() => (drawer.value = false)} />}
      <nav class={drawer.value ? "sidebar open" : "sidebar"} ref={nav} aria-label={text("list.title")}>
        <div class="sidebar-head">
          <p class="brand">{text("app.name")}</p>
          <button type="button" class="round drawer-only" aria-label={text("do.close")} onClick={() => (drawer.value = false)}><Icon name="close" /></button>
        </div>
        <button type="button" class="new" onClick={() => go(newId())}><Icon name="plus" />{text("list.new")}</button>
        {listed.value.length > 0 && (
          <label class="search">
            <Icon name="search" />
            <input type="search" aria-label={text("list.search")} placeholder={text("list.search")} value={search.value} onInput={(event) => (search.value = event.currentTarget.value)} />
          </label>
        )}
        <ul class="list">
          {shown.map(({ one, title }) => <Entry key={one.id} conversation={one} title={title} twin={named.some((other) => other.one !== one && other.title === title)} />)}
          {!shown.length && <li class="soft none">{text(listed.value.length ? "list.nothing" : "list.none")}</li>}
          {search.value.trim() && (
            <li class="soft none">
              {listed.value.some((one) => one.elsewhere) && text("list.titles")}{" "}
              <button type="button" class="link" onClick={() => (search.value = "")}>{text("list.all")}</button>
            </li>
          )}
        </ul>
        <button type="button" class="settings-link" onClick={() => (settingsOpen.value = true)}><Icon name="settings" />{text("settings.title")}<span class="soft">{holder.value?.name}</span></button>
      </nav>
    </>
  );
}

function searched(title: string, turns: readonly { question: string; answers: readonly { text: string }[] }[]): string {
  return [title, ...turns.flatMap((turn) => [turn.question, ...turn.answers.map((answer) => answer.text)])].join("\n");
}
