/** Settings: language, appearance, length of answers, and what is kept. */

import { useEffect, useRef, useState } from "preact/hooks";
import { Account } from "./Account";
import { visitor } from "../access/tenant";
import { eraseOnServer, refresh } from "../conversations/server";
import { remember, remembered } from "../frame/settings";
import { Icon } from "../frame/Icon";
import { settingsOpen } from "../frame/shown";
import { choose, theme } from "../frame/theme";
import { conversations, forgetAll } from "../store/state";
import { dead, has, on, turn } from "../voice/state";
import { language, setLanguage } from "../words";
import { text } from "../words/later";
import { Choice } from "./Choice";
import { download } from "./download";
import { ForYou } from "./ForYou";

export function Settings() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [length, setLength] = useState(remembered("length") || "usual");
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  return (
    <dialog class="sheet" ref={dialog} aria-label={text("settings.title")} onClose={() => (settingsOpen.value = false)} onClick={(event) => event.target === dialog.current && close()}>
      <div class="sheet-body">
        <header>
          <h2>{text("settings.title")}</h2>
          <button type="button" class="round" aria-label={text("do.close")} onClick={close}><Icon name="close" /></button>
        </header>
        <Account />
        <Choice
          name="language"
          label={text("settings.language")}
          options={[["ko", "한국어"], ["en", "English"]]}
          value={language.value}
          choose={(value) => void setLanguage(value as "ko" | "en")}
        />
        <Choice
          name="theme"
          label={text("settings.theme")}
          options={[["auto", text("settings.auto")], ["light", text("settings.light")], ["dark", text("settings.dark")]]}
          value={theme.value}
          choose={(value) => choose(value as "auto")}
        />
        <Choice
          name="length"
          label={text("settings.length")}
          options={[["usual", text("settings.usual")], ["short", text("settings.short")]]}
          value={length}
          choose={(value) => (remember("length", value), setLength(value))}
        />
        <Voice />
        <Data />
        <ForYou />
        <p class="soft links"><a href="/docs">{text("settings.docs")}</a> · <a href="/assets/licences.txt">{text("settings.licences")}</a></p>
        <button type="button" class="strong" onClick={close}>{text("do.close")}</button>
      </div>
    </dialog>
  );
}

/** Voice, where the browser has it. */
function Voice() {
  if (!has.speech && !has.dictation) return null;
  return (
    <>
      <Choice
        name="voice"
        label={text("voice.title")}
        options={[["off", text("voice.off")], ["on", text("voice.on")]]}
        value={on.value ? "on" : "off"}
        choose={(value) => turn(value === "on")}
      />
      <p class="soft">{text(dead.value.size ? "voice.dead" : "voice.note")}</p>
    </>
  );
}

/** All that is kept: as a file, or gone. */
function Data() {
  const [sure, setSure] = useState(false);
  const [told, tell] = useState("");

  async function erase(): Promise<void> {
    const ids = conversations.value.map((one) => one.id);
    await forgetAll();
    const left = (await Promise.all(ids.map(eraseOnServer))).filter((gone) => !gone).length;
    tell(left ? text("settings.erasedHere", { count: left }) : text(visitor.value ? "settings.erasedAll" : "settings.erased"));
    setSure(false);
  }

  /** What only the server has comes first. */
  async function take(): Promise<void> {
    await Promise.all(conversations.value.filter((one) => one.elsewhere).map((one) => refresh(one.id)));
    download(conversations.value);
  }

  return (
    <fieldset class="setting">
      <legend>{text("settings.data")}</legend>
      <p class="soft">{text(visitor.value ? "settings.dataHere" : "settings.dataNote")}</p>
      {sure && <p>{text(visitor.value ? "settings.eraseHere" : "settings.eraseSure")}</p>}
      <div class="row">
        {!sure && <button type="button" onClick={() => void take()}>{text("settings.export")}</button>}
        {sure && <button type="button" onClick={() => setSure(false)}>{text("do.cancel")}</button>}
        <button type="button" class="danger" onClick={() => (sure ? void erase() : setSure(true))}>{text("settings.erase")}</button>
      </div>
      <p role="status">{told}</p>
    </fieldset>
  );
}
