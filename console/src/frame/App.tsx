/** The frame: the conversations, the head, the conversation, where one writes. */

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Composer } from "../composer/Composer";
import { Log } from "../conversation/Log";
import { Sidebar } from "../conversations/Sidebar";
import { newId } from "../store/model";
import { current, kept, online } from "../store/state";
import { text } from "../words";
import { Icon } from "./Icon";
import { go } from "./place";
import { drawer, settingsOpen } from "./shown";

export function App() {
  const phone = drawer.value;
  return (
    <>
      <a class="skip" href="#text" onClick={(event) => (event.preventDefault(), document.getElementById("text")?.focus())}>{text("app.skip")}</a>
      <Sidebar />
      <div class="room" inert={phone}>
        <header class="head">
          <button type="button" class="round drawer-only" aria-label={text("list.open")} aria-expanded={phone} onClick={() => (drawer.value = true)}><Icon name="menu" /></button>
          <h1 class="title">{current.value.title || text("app.name")}</h1>
          <button type="button" class="round drawer-only" aria-label={text("list.new")} onClick={() => go(newId())}><Icon name="plus" /></button>
        </header>
        {!online.value && <p class="bar-note" role="status">{text("announce.offline")}</p>}
        {kept.value !== "kept" && <p class="bar-note" role="status">{text(`kept.${kept.value}`)}</p>}
        <Log />
        <Composer />
      </div>
      {settingsOpen.value && <Settings />}
    </>
  );
}

/** The settings, loaded when they are first opened. */
function Settings() {
  const [Part, setPart] = useState<ComponentType | null>(null);
  useEffect(() => void import("../settings/Settings").then((loaded) => setPart(() => loaded.Settings)), []);
  return Part && <Part />;
}
