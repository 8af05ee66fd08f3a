/** The operators' page: figures as they move, costs, what answers and what does not, batches, and the caches' reset. */

import { useEffect, useState } from "preact/hooks";
import { call } from "../access/call";
import { SignInNote } from "../access/SignIn";
import { visitor } from "../access/tenant";
import { type Words } from "../words";
import style from "../style/operate.css";
import { text } from "../words/later";
import { Batches } from "./Batches";
import { type Cost, health, refused, type Series, series, status, watch } from "./figures";

const sheet = new CSSStyleSheet();
sheet.replaceSync(style);
document.adoptedStyleSheets.push(sheet);

export function Operate() {
  useEffect(watch, []);
  const now = status.value;
  return (
    <main class="operate">
      <header class="row">
        <h1>{text("operate.title")}</h1>
        <a href="/">{text("app.name")}</a>
      </header>
      {now && <p class="soft">{`${now.version} · ${now.region} · ${now.model} · ${Math.round(now.uptime_s / 60)} min`}</p>}
      <SignInNote />
      {refused.value && !visitor.value && <p class="trouble" role="alert">{text("operate.refused")}</p>}
      <section class="plots">{series.value.map((one) => <Plot key={one.name} of={one} />)}</section>
      {health.value && <State />}
      {now?.cost && <Costs title={text("operate.byMentor")} of={now.cost.by_persona} month={now.cost.month} />}
      {now?.cost && <Costs title={text("operate.byModel")} of={now.cost.by_model} month={now.cost.month} />}
      <Batches />
      <Invalidate />
    </main>
  );
}

/** The newest values as a line. */
function Plot({ of: { name, unit, values } }: { of: Series }) {
  const most = Math.max(1, ...values);
  const points = values.map((value, place) => `${(place / 59) * 200},${40 - (value / most) * 36}`).join(" ");
  const last = values.at(-1) ?? 0;
  const shown = `${unit === "$" ? "$" : ""}${last.toFixed(last && last < 10 ? 2 : 0)}${unit === "$" ? "" : ` ${unit}`}`;
  const title = text(name as keyof Words);
  return (
    <figure>
      <figcaption><small>{title}</small> <strong>{shown}</strong></figcaption>
      <svg viewBox="0 0 200 42" preserveAspectRatio="none" role="img" aria-label={`${title}: ${shown}`}><polyline points={points} /></svg>
    </figure>
  );
}

function State() {
  const parts = health.value?.dependencies;
  if (!parts) return null;
  const breakers = { ...parts.personas, ...parts.models };
  return (
    <ul class="states">
      {[["cache", parts.cache], ["store", parts.store], ...Object.entries(breakers).map(([name, one]) => [name, one.breaker])].map(([name, state]) => (
        <li key={name} class={["ok", "off", "closed"].includes(state ?? "") ? "well" : "unwell"}><strong>{name}</strong> {state}</li>
      ))}
    </ul>
  );
}

function Costs({ title, of, month }: { title: string; of: Record<string, Cost>; month: string }) {
  const rows = Object.entries(of).toSorted(([, a], [, b]) => b.answers - a.answers);
  if (!rows.length) return null;
  return (
    <table>
      <caption>{`${title} · ${month}`}</caption>
      <thead><tr><th scope="col" /><th scope="col">{text("operate.count")}</th><th scope="col">{text("operate.tokens")}</th><th scope="col">USD</th></tr></thead>
      <tbody>
        {rows.map(([name, cost]) => (
          <tr key={name}>
            <th scope="row">{name}</th><td>{cost.answers}</td><td>{cost.input_tokens + cost.output_tokens}</td><td>{(cost.nano_usd / 1e9).toFixed(4)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Drops what is cached, after a second look at the pattern. */
function Invalidate() {
  const [pattern, setPattern] = useState("");
  const [sure, setSure] = useState(false);
  const [told, tell] = useState("");
  async function drop(): Promise<void> {
    setSure(false);
    const response = await call(`/api/v2/cache/invalidate?${new URLSearchParams({ pattern })}`, { method: "POST" });
    const view = (await response.json()) as { everywhere_within_s?: number; error?: { message: string } };
    tell(response.ok ? text("operate.dropped", { seconds: view.everywhere_within_s ?? 0 }) : (view.error?.message ?? ""));
  }
  return (
    <form class="drop" onSubmit={(event) => (event.preventDefault(), sure ? void drop() : setSure(Boolean(pattern.trim())))}>
      <label for="pattern">{text("operate.pattern")}</label>
      <div class="row">
        <input id="pattern" value={pattern} onInput={(event) => (setPattern(event.currentTarget.value), setSure(false))} />
        <button type="submit" class={sure ? "danger" : "quiet"}>{text(sure ? "operate.dropSure" : "operate.drop")}</button>
      </div>
      <p role="status" class="soft">{told}</p>
    </form>
  );
}
