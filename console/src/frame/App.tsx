/** The frame: the conversations, the head, the conversation, where one writes. */

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { SignInNote } from "../access/SignIn";
import { Composer } from "../composer/Composer";
import { answering } from "../conversation/ask";
import { Log } from "../conversation/Log";
import { titled } from "../conversations/title";
import { Sidebar } from "../conversations/Sidebar";
import { newId } from "../store/model";
import { current, deleted, kept, online } from "../store/state";
import { text } from "../words";
import { takeOver, waiting } from "../worker/register";
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
        <header class="top"><div class="head">
          <button type="button" class="round drawer-only" aria-label={text("list.open")} aria-expanded={phone} onClick={() => (drawer.value = true)}><Icon name="menu" /></button>
          <h1 class="title">{titled(current.value) || text("app.name")}</h1>
          <button type="button" class="round drawer-only" aria-label={text("list.new")} onClick={() => go(newId())}><Icon name="plus" /></button>
        </div><Notes /></header>
        <Log />
        <Composer />
      </div>
      {settingsOpen.value && <Settings />}
    </>
  );
}

/** What has to be known, above the conversation. */
function Notes() {
  return (
    <div class="notes">
      {!online.value && <p role="status">{text("announce.offline")}</p>}
      {online.value && <SignInNote />}
      {deleted.value && (
        <p role="status">
          {text("list.gone")} <button type="button" class="link" onClick={() => (deleted.value = false)}>{text("do.close")}</button>
        </p>
      )}
      {waiting.value && !answering(current.value) && (
        <p role="status">
          {text("app.newVersion")} <button type="button" class="link" onClick={takeOver}>{text("app.reload")}</button>
        </p>
      )}
      {kept.value !== "kept" && (
        <p role="status">
          {text(`kept.${kept.value}`)} <button type="button" class="link" onClick={() => (settingsOpen.value = true)}>{text("kept.export")}</button>
        </p>
      )}
    </div>
  );
}

/** The settings, loaded when they are first opened. */
function Settings() {
  const [Part, setPart] = useState<ComponentType | null>(null);
  useEffect(() => void import("../parts").then((loaded) => setPart(() => loaded.Settings)), []);
  return Part && <Part />;
}
