/** Settings: language, appearance, length of answers, and what is kept. */

import { useEffect, useRef, useState } from "preact/hooks";
import { Account } from "./Account";
import { visitor } from "../access/tenant";
import { refresh } from "../conversations/server";
import { remember, remembered } from "../frame/settings";
import { Icon } from "../frame/Icon";
import { settingsOpen } from "../frame/shown";
import { choose, theme } from "../frame/theme";
import { conversations } from "../store/state";
import { dead, has, on, turn } from "../voice/state";
import { language, setLanguage } from "../words";
import { text } from "../words/later";
import { Choice } from "./Choice";
import { download } from "./download";
import { Erase } from "./Erase";
import { ForYou } from "./ForYou";

export function Settings() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [length, setLength] = useState(remembered("length") || "usual");
  const [erased, setErased] = useState(0);
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
        <Data erased={() => setErased(erased + 1)} />
        <ForYou key={erased} />
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
function Data({ erased }: { erased: () => void }) {
  const [sure, setSure] = useState(false);
  const [told, tell] = useState("");

  /** What only the server has comes first. */
  async function take(): Promise<void> {
    await Promise.all(conversations.value.filter((one) => one.elsewhere).map((one) => refresh(one.id)));
    download(conversations.value);
  }

  return (
    <fieldset class="setting">
      <legend>{text("settings.data")}</legend>
      <p class="soft">{text(visitor.value ? "settings.dataHere" : "settings.dataNote")}</p>
      {sure ? <Erase close={(words) => (setSure(false), tell(words), words && erased())} /> : (
        <div class="row">
          <button type="button" onClick={() => void take()}>{text("settings.export")}</button>
          <button type="button" class="danger" onClick={() => (tell(""), setSure(true))}>{text("settings.erase")}</button>
        </div>
      )}
      <p role="status">{told}</p>
    </fieldset>
  );
}
