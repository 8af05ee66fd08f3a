/** For you: who fits and why, what may come next, and the switches of being learnt of. */

import { useEffect, useState } from "preact/hooks";
import { visitor } from "../access/tenant";
import { personaOf } from "../store/state";
import { language, own } from "../words";
import { text } from "../words/later";
import { said } from "../why/values";
import { type Advice, advice, forget, prefer, type Preferences } from "./advice";
import { Choice } from "./Choice";

export function ForYou() {
  const [found, show] = useState<Advice | null | undefined>(undefined);
  const [told, tell] = useState("");
  const look = async () => show(await advice());
  useEffect(() => void look(), [language.value]);
  if (visitor.value || found === undefined) return null;

  async function change(done: Promise<boolean>, words: string): Promise<void> {
    tell(text((await done) ? words as "you.kept" : "you.failed"));
    await look();
  }

  return (
    <section class="you" aria-labelledby="you">
      <h3 id="you">{text("you.title")}</h3>
      {found ? <Known found={found} /> : <p class="soft">{text("you.away")}</p>}
      {found && <Switches now={found.preferences} choose={(choice) => void change(prefer(choice), "you.kept")} />}
      {found && !found.off && found.from.yours > 0 && (
        <button type="button" class="quiet" onClick={() => void change(forget(), "you.forgotten")}>{text("you.forget")}</button>
      )}
      <p role="status">{told}</p>
    </section>
  );
}

function Known({ found }: { found: Advice }) {
  if (found.off) return <p class="soft">{text("you.off")}</p>;
  return (
    <>
      <p class="soft">{text(found.from.yours ? "you.from" : "you.new", { yours: found.from.yours })}</p>
      <ol>
        {found.personas.map((one) => (
          <li key={one.id}>
            <b>{own(personaOf(one.id)?.name) || one.id}</b>
            <details>
              <summary>{text("you.because", { score: one.score.toFixed(2) })}</summary>
              <ul class="soft">{one.because.map((why) => <li key={why.words}>{said(why.words)} <span class="figure">{signed(why.weight)}</span></li>)}</ul>
            </details>
          </li>
        ))}
      </ol>
      {found.next_steps.length > 0 && (
        <>
          <h4>{text("you.next")}</h4>
          <ul>{found.next_steps.map((one) => <li key={one.request_id + one.step}>{one.step} <span class="soft">{one.because}</span></li>)}</ul>
        </>
      )}
    </>
  );
}

function Switches({ now, choose }: { now: Preferences; choose: (choice: Partial<Preferences>) => void }) {
  const options: [string, string][] = [["on", text("voice.on")], ["off", text("voice.off")]];
  return (
    <>
      {([["personalise", "you.personalise"], ["experiments", "you.experiments"]] as const).map(([name, label]) => (
        <Choice key={name} name={name} label={text(label)} options={options} value={now[name] ? "on" : "off"} choose={(value) => choose({ [name]: value === "on" })} />
      ))}
    </>
  );
}

function signed(weight: number): string {
  return `${weight < 0 ? "−" : "+"}${Math.abs(weight).toFixed(2)}`;
}
