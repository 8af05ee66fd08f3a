/** The console: starts it on the page. */

import { effect } from "@preact/signals";
import { render } from "preact";
import { enter, returns } from "./access/enter";
import type { Persona } from "./api/views";
import { goOn } from "./conversation/ask";
import { titled } from "./conversations/title";
import { App } from "./frame/App";
import { follow } from "./frame/place";
import { follow as followNetwork, lost } from "./frame/reach";
import { fromAddress, remember, remembered } from "./frame/settings";
import { show } from "./frame/theme";
import { conversations, current, load, met, online, open, personas } from "./store/state";
import { language, text } from "./words";
import { register } from "./worker/register";

/** Shows the mentors that were known before, and asks for those of today. */
async function meet(): Promise<void> {
  const before = remembered("personas");
  if (before) {
    personas.value = JSON.parse(before) as Persona[];
    met.value = true;
  }
  try {
    const response = await fetch("/api/v2/personas");
    if (!response.ok) return;
    personas.value = (await response.json()) as Persona[];
    remember("personas", JSON.stringify(personas.value));
  } catch {
    lost(); // those of before stay
  } finally {
    met.value = true;
  }
}

/** Takes over what was written before the script was there. */
function start(): void {
  const root = document.getElementById("app");
  const early = document.querySelector<HTMLTextAreaElement>("#text");
  if (!root) return;
  const typed = early?.value ?? "";
  const typing = document.activeElement === early;
  root.replaceChildren();
  render(<App />, root);
  const area = document.querySelector<HTMLTextAreaElement>("#text");
  if (area && (typed || fromAddress("ask"))) area.value = typed || fromAddress("ask").slice(0, 8_000);
  if (area && (typing || matchMedia("(any-hover: hover)").matches)) area.focus();
}

/** What nobody waits for; null without a network, of which a browser would remember that the file did not come. */
const later = async () => (online.value ? import("./parts").catch(() => null) : null);

/** Tells the ratings that the router does not have yet. */
async function tellRatings(): Promise<void> {
  const untold = conversations.value.some(({ turns }) => turns.some(({ answers }) => answers.some(({ verdict }) => verdict && !verdict.sent)));
  if (untold) await (await later())?.tellRatings();
}

async function list(): Promise<void> {
  await (await later())?.list();
}

function listen(): void {
  followNetwork(() => (goOn(), void list(), void tellRatings()));
  document.addEventListener("visibilitychange", () => !document.hidden && goOn());
  addEventListener("pageshow", goOn);
}

/** The operators' page, which is loaded for them alone. */
async function operate(): Promise<void> {
  const { Operate } = await import("./operate/Operate");
  const root = document.getElementById("app");
  root?.replaceChildren();
  if (root) render(<Operate />, root);
}

/** The conversations. */
function converse(): void {
  follow();
  effect(() => {
    document.title = [titled(current.value), text("app.name")].filter(Boolean).join(" · ");
  });
  start();
  if (fromAddress("ask")) history.replaceState(null, "", location.pathname);
  listen();
  void meet();
  const idle = window.requestIdleCallback ?? ((later: () => void) => setTimeout(later, 1_500));
  const loaded = () =>
    idle(() => {
      void register();
      void list();
      void later().then((parts) => parts?.persist());
    });
  if (document.readyState === "complete") loaded(); // on the way back from signing in
  else addEventListener("load", loaded);
  effect(() => {
    const id = open.value;
    void load().then(async () => (await later())?.refresh(id));
  });
  void load().then(() => {
    goOn();
    void tellRatings();
  });
}

show();
effect(() => {
  document.documentElement.lang = language.value;
});
if (returns()) await enter(); // where the page was left is known then, and whose conversations are kept here
else void enter();
if (location.pathname === "/operate") void operate();
else converse();
