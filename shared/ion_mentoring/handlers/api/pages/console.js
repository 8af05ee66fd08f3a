// The page that asks one question and shows the answer as it is written, its persona and the scores.
"use strict";

const EXAMPLES = {
  ko: ["팀장이 회의에서 제 의견을 계속 무시해요. 너무 답답해요", "테스트가 CI에서만 가끔 깨지는데 어디서부터 봐야 할까요?", "A/B 테스트 결과가 유의하지 않게 나왔어요. 어떻게 해석해야 하죠?", "마감이 3일 남았는데 일이 너무 많아요!! 뭐부터 하죠?"],
  en: ["I failed my exam and I feel like a fraud", "How do I decide between a monolith and microservices?", "Our conversion dropped 20% since yesterday, where do I look?", "Two people in my team are fighting about code reviews"],
};
const session = `console-${crypto.randomUUID()}`;
let language = navigator.language.startsWith("ko") ? "ko" : "en";
let personas = [];
let underWay = null; // what ends the request that is being answered
let before = []; // the turns that the next question goes on from, where the session does not keep them

const inLanguage = (korean, english) => (language === "ko" ? korean : english);

const byId = (id) => document.getElementById(id);

function element(name, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
}

function speak() {
  document.documentElement.lang = language;
  document.querySelectorAll("[data-ko]").forEach((node) => { node.textContent = node.dataset[language]; });
  byId("send").textContent = underWay ? inLanguage("멈추기", "Stop") : inLanguage("물어보기", "Ask");
  byId("language").textContent = language === "ko" ? "English" : "한국어";
  const chosen = byId("persona").value;
  const anyone = language === "ko" ? "알맞은 멘토" : "whoever fits";
  byId("persona").replaceChildren(
    element("option", { value: "", textContent: anyone }),
    ...personas.map((one) => element("option", { value: one.id, textContent: `${one.emoji} ${one.name[language]} · ${one.role[language]}` })),
  );
  byId("persona").value = chosen;
  byId("examples").replaceChildren(...EXAMPLES[language].map((text) => {
    const button = element("button", { type: "button", textContent: text });
    button.addEventListener("click", () => { if (!underWay) { byId("text").value = text; byId("ask").requestSubmit(); } });
    return element("li", {}, button);
  }));
}

function named(personaUsed) {
  const used = personas.find((one) => one.name.en === personaUsed);
  return used ? `${used.emoji} ${used.name[language]} · ${used.role[language]}` : personaUsed;
}

// What stands beside the answer: how it was read, how long it took, who wrote it, and what it cost if it did.
function facts(answer) {
  const { performance, metadata } = answer;
  const told = [answer.resonance_key, `${performance.execution_time_ms} ms`, performance.cache_layer, metadata.model];
  const tokens = metadata.usage.input_tokens + metadata.usage.output_tokens;
  if (tokens) told.push(`${tokens} ${inLanguage("토큰", "tokens")}`);
  if (metadata.cost.usd) told.push(`$${metadata.cost.usd.toFixed(6)}`);
  if (metadata.degraded.length) told.push(`${inLanguage("대신함", "stood in for")}: ${metadata.degraded.join(", ")}`);
  return told.filter(Boolean).join(" · ");
}

function whyOf(routing) {
  const why = element("div", { className: "why" }, element("div", { textContent: routing.reasoning }));
  for (const [id, score] of Object.entries(routing.scores)) {
    const name = personas.find((one) => one.id === id)?.name[language] ?? id;
    why.append(element("div", { className: "score" },
      element("span", { textContent: name }),
      element("meter", { min: 0, max: 1, value: score, title: name }),
      element("span", { textContent: score.toFixed(2) })));
  }
  return why;
}

// One answer on the page, from its first event to its last.
class Answer {
  constructor(asked) {
    this.asked = asked;
    this.content = element("div", { className: "content" });
    this.node = element("article", { ariaBusy: "true" });
    byId("answers").prepend(this.node);
  }

  hear(name, data) {
    if (name === "routing") this.begin(data);
    else if (name === "delta") this.content.append(data.text);
    else if (name === "done") this.end(data);
    else this.fail(`${data.error.message}${this.later(data.error.details)} (${data.error.code}, ${data.request_id})`);
  }

  begin(data) { // a second time, too: whoever had begun broke off, and what was written so far is void
    this.content.replaceChildren();
    this.node.replaceChildren(element("header", {}, element("span", { textContent: named(data.persona_used) })), this.content, whyOf(data.routing));
  }

  end(answer) {
    this.begin(answer);
    this.content.append(answer.content);
    this.node.querySelector("header").append(element("small", { textContent: facts(answer) }));
    if (answer.metadata.offered) this.content.after(this.choices(answer));
    this.node.ariaBusy = "false";
  }

  choices(answer) { // what may be meant, to choose from
    return element("ol", { className: "choices" }, ...answer.metadata.offered.map((title) => {
      const button = element("button", { type: "button", textContent: title });
      button.addEventListener("click", () => {
        if (underWay) return;
        if (!byId("memory").checked) before = [{ role: "user", content: this.asked }, { role: "assistant", content: answer.content }];
        byId("text").value = title;
        byId("ask").requestSubmit();
      });
      return element("li", {}, button);
    }));
  }

  stop() {
    this.node.append(element("p", { className: "stopped", textContent: inLanguage("여기서 멈췄습니다.", "Stopped here.") }));
    this.node.ariaBusy = "false";
  }

  fail(text) {
    this.node.className = "error";
    this.node.replaceChildren(text);
    this.node.ariaBusy = "false";
  }

  later(details) {
    const seconds = Math.ceil(details?.retry_after_s ?? 0);
    return seconds ? inLanguage(` ${seconds}초 뒤에 다시 해 주세요.`, ` Try again in ${seconds} s.`) : "";
  }
}

async function ask(event) {
  event.preventDefault();
  if (underWay) { underWay.abort(); return; }
  const body = { user_input: byId("text").value, prompt_mode: byId("mode").value, context: {} };
  if (byId("persona").value) body.persona = byId("persona").value;
  if (byId("memory").checked) body.context.session_id = session;
  if (before.length) body.context.message_history = before;
  before = [];
  const answer = new Answer(body.user_input);
  const leaving = underWay = new AbortController();
  speak();
  try {
    await streamed(body, language, leaving.signal, (name, data) => answer.hear(name, data));
  } catch {
    if (leaving.signal.aborted) answer.stop();
    else answer.fail(inLanguage("서버에 닿지 못했습니다.", "The server could not be reached."));
  } finally {
    underWay = null;
    speak();
  }
}

byId("ask").addEventListener("submit", ask);
byId("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !underWay) byId("ask").requestSubmit();
});
byId("language").addEventListener("click", () => { language = language === "ko" ? "en" : "ko"; speak(); });
speak();
fetch("/api/v2/personas").then((response) => response.json()).then((cards) => {
  personas = cards;
  speak();
});
// A link may carry a question behind its #, which is sent to no server. Whether it is asked is up to whoever reads it.
const linked = new URLSearchParams(location.hash.slice(1)).get("ask");
if (linked) {
  byId("text").value = linked.slice(0, 4000);
  history.replaceState(null, "", location.pathname);
}
