/** What to erase, what stays, and the last word on it. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { visitor } from "../access/tenant";
import { eraseEvery } from "../conversations/server";
import { forgetPlaces } from "../frame/place";
import { newId } from "../store/model";
import { conversations, forgetAll, open } from "../store/state";
import { text } from "../words/later";

/** `close` is told what was done; nothing if nothing was. */
export function Erase({ close }: { close: (told: string) => void }) {
  const [talks, chooseTalks] = useState(true);
  const [learnt, chooseLearnt] = useState(!visitor.value);
  const [under, setUnder] = useState(false);
  const group = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    group.current?.scrollIntoView({ block: "nearest" });
    group.current?.querySelector<HTMLElement>(".danger")?.focus(); // in view, too, where the box is higher than the window
  }, []);

  async function erase(): Promise<void> {
    setUnder(true);
    const ids = talks ? conversations.value.map((one) => one.id) : [];
    if (talks) {
      await forgetAll();
      open.value = newId();
      forgetPlaces(ids);
    }
    const { left, unlearnt } = await eraseEvery(ids, { talks, learnt });
    const done = [talks && text(left ? "settings.erasedHere" : "settings.erasedTalks", { count: left }), learnt && text(unlearnt ? "settings.erasedLearnt" : "settings.erasedLater")];
    close(done.filter(Boolean).join(" "));
  }

  const stays = !talks ? "settings.stayTalks" : !learnt ? "settings.stayLearnt" : "settings.stayNothing";
  return (
    <div class="erase" role="alertdialog" aria-labelledby="erase" ref={group}>
      <p id="erase">{text(visitor.value ? "settings.eraseHere" : "settings.eraseWhat")}</p>
      {!visitor.value && (
        <>
          <Tick label={text("settings.eraseTalks")} value={talks} choose={chooseTalks} />
          <Tick label={text("settings.eraseLearnt")} value={learnt} choose={chooseLearnt} />
          <p class="soft">{text(stays)} {learnt && text("settings.stayThumbs")}</p>
        </>
      )}
      <div class="row">
        <button type="button" onClick={() => close("")}>{text("do.cancel")}</button>
        <button type="button" class="danger" disabled={under || !(talks || learnt)} onClick={() => void erase()}>{text("settings.eraseNow")}</button>
      </div>
    </div>
  );
}

function Tick({ label, value, choose }: { label: string; value: boolean; choose: (value: boolean) => void }) {
  return (
    <label class="tick">
      <input type="checkbox" checked={value} onChange={(event) => choose(event.currentTarget.checked)} />
      {label}
    </label>
  );
}
