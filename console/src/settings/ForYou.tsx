/** For you: who fits and why, what may come next, and the switches of being learnt of. */

import { useEffect, useState } from "preact/hooks";
import { visitor } from "../access/tenant";
import { personaOf } from "../store/state";
import { language, own } from "../words";
import { text } from "../words/later";
import { said, valueName } from "../why/values";
import { type Advice, advice, type Fitting, forget, prefer, type Preferences } from "./advice";
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
        <Forget done={() => void change(forget(), "you.forgotten")} />
      )}
      <p role="status">{told}</p>
    </section>
  );
}

function Known({ found }: { found: Advice }) {
  if (found.off) return <p class="soft">{text("you.off")}</p>;
  if (!found.from.yours) return <p class="soft">{text("you.new")}</p>;
  const name = (id: string) => own(personaOf(id)?.name) || id;
  const mean = (value: (one: Fitting) => number) => found.personas.reduce((sum, one) => sum + value(one), 0) / found.personas.length;
  const [usual, liked] = [mean((one) => one.score), mean(affinity)];
  return (
    <>
      <p class="soft">{text("you.from", { yours: found.from.yours })} {found.tone && text("you.tone", { tone: valueName(found.tone) })}</p>
      {found.tone && (
        <ol>
          {found.personas.map((one) => <li key={one.id}><b>{name(one.id)}</b> <span class="soft">{fits(one.score - usual)} {rated(affinity(one) - liked)}</span></li>)}
        </ol>
      )}
      <details>
        <summary>{text("you.numbers")}</summary>
        {found.personas.map((one) => (
          <div key={one.id}>
            <p><b>{text("you.score", { mentor: name(one.id), score: one.score.toFixed(2) })}</b></p>
            <ul class="soft">{one.because.map((why) => <li key={why.words}>{said(why.words)} <span class="figure">{signed(why.weight)}</span></li>)}</ul>
          </div>
        ))}
      </details>
      {found.next_steps.length > 0 && (
        <>
          <h4>{text("you.next")}</h4>
          <ul>{found.next_steps.map((one) => <li key={one.request_id + one.step}>{one.step} <span class="soft">{one.because}</span></li>)}</ul>
        </>
      )}
    </>
  );
}

const NEAR = 0.03; // of a score, below which nobody feels a difference

const NEAR_RATED = 0.01;

/** What ratings add to a score. */
function affinity(one: Fitting): number {
  return one.because.find((why) => why.kind === "affinity")?.weight ?? 0;
}

function fits(more: number): string {
  return text(more > NEAR ? "you.fitGood" : more < -NEAR ? "you.fitLess" : "you.fitFair");
}

function rated(more: number): string {
  return Math.abs(more) < NEAR_RATED ? "" : text(more > 0 ? "you.ratedGood" : "you.ratedLess");
}

function Switches({ now, choose }: { now: Preferences; choose: (choice: Partial<Preferences>) => void }) {
  const options: [string, string][] = [["on", text("voice.on")], ["off", text("voice.off")]];
  return (
    <>
      {([["personalise", "you.personalise", "you.personaliseNote"], ["experiments", "you.experiments", "you.experimentsNote"]] as const).map(([name, label, note]) => (
        <div key={name}>
          <Choice name={name} label={text(label)} options={options} value={now[name] ? "on" : "off"} choose={(value) => choose({ [name]: value === "on" })} />
          <p class="soft">{text(note)}</p>
        </div>
      ))}
    </>
  );
}

/** Forgets what was learnt, once that was asked. */
function Forget({ done }: { done: () => void }) {
  const [sure, setSure] = useState(false);
  if (!sure) return <button type="button" class="quiet" onClick={() => setSure(true)}>{text("you.forget")}</button>;
  return (
    <div role="alertdialog" aria-label={text("you.forget")}>
      <p>{text("you.forgetSure")}</p>
      <div class="row">
        <button type="button" class="quiet" onClick={() => setSure(false)}>{text("do.cancel")}</button>
        <button type="button" class="danger" onClick={done}>{text("you.forget")}</button>
      </div>
    </div>
  );
}

function signed(weight: number): string {
  return `${weight < 0 ? "−" : "+"}${Math.abs(weight).toFixed(2)}`;
}
