// The page that asks one question and shows the answer, its persona and the scores.
"use strict";

const EXAMPLES = {
  ko: ["팀장이 회의에서 제 의견을 계속 무시해요. 너무 답답해요", "테스트가 CI에서만 가끔 깨지는데 어디서부터 봐야 할까요?", "A/B 테스트 결과가 유의하지 않게 나왔어요. 어떻게 해석해야 하죠?", "마감이 3일 남았는데 일이 너무 많아요!! 뭐부터 하죠?"],
  en: ["I failed my exam and I feel like a fraud", "How do I decide between a monolith and microservices?", "Our conversion dropped 20% since yesterday, where do I look?", "Two people in my team are fighting about code reviews"],
};
const session = `console-${crypto.randomUUID()}`;
let language = navigator.language.startsWith("ko") ? "ko" : "en";
let personas = [];

const byId = (id) => document.getElementById(id);

function element(name, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
}

function speak() {
  document.documentElement.lang = language;
  document.querySelectorAll("[data-ko]").forEach((node) => { node.textContent = node.dataset[language]; });
  byId("language").textContent = language === "ko" ? "English" : "한국어";
  const anyone = language === "ko" ? "알맞은 멘토" : "whoever fits";
  byId("persona").replaceChildren(
    element("option", { value: "", textContent: anyone }),
    ...personas.map((one) => element("option", { value: one.id, textContent: `${one.emoji} ${one.name[language]} · ${one.role[language]}` })),
  );
  byId("examples").replaceChildren(...EXAMPLES[language].map((text) => {
    const button = element("button", { type: "button", textContent: text });
    button.addEventListener("click", () => { byId("text").value = text; byId("ask").requestSubmit(); });
    return element("li", {}, button);
  }));
}

function shown(answer) {
  const used = personas.find((one) => one.name.en === answer.persona_used);
  const header = element("header", {},
    element("span", { textContent: used ? `${used.emoji} ${used.name[language]} · ${used.role[language]}` : answer.persona_used }),
    element("small", { textContent: `${answer.resonance_key} · ${answer.performance.execution_time_ms} ms${answer.performance.cache_layer ? ` · ${answer.performance.cache_layer}` : ""} · ${answer.metadata.model}` }));
  const why = element("div", { className: "why" }, element("div", { textContent: answer.routing.reasoning }));
  for (const [id, score] of Object.entries(answer.routing.scores)) {
    const name = personas.find((one) => one.id === id)?.name[language] ?? id;
    why.append(element("div", { className: "score" },
      element("span", { textContent: name }),
      element("meter", { min: 0, max: 1, value: score, title: name }),
      element("span", { textContent: score.toFixed(2) })));
  }
  return element("article", {}, header, element("div", { className: "content", textContent: answer.content }), why);
}

function failed(text) {
  return element("article", { className: "error", textContent: text });
}

async function ask(event) {
  event.preventDefault();
  byId("send").disabled = true;
  const body = { user_input: byId("text").value, prompt_mode: byId("mode").value, context: {} };
  if (byId("persona").value) body.persona = byId("persona").value;
  if (byId("memory").checked) body.context.session_id = session;
  try {
    const response = await fetch("/api/v2/process", {
      method: "POST",
      headers: { "content-type": "application/json", "accept-language": language },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    byId("answers").prepend(response.ok ? shown(answer) : failed(`${answer.error.message} (${answer.error.code}, ${answer.request_id})`));
  } catch {
    byId("answers").prepend(failed(language === "ko" ? "서버에 닿지 못했습니다." : "The server could not be reached."));
  } finally {
    byId("send").disabled = false;
  }
}

byId("ask").addEventListener("submit", ask);
byId("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) byId("ask").requestSubmit();
});
byId("language").addEventListener("click", () => { language = language === "ko" ? "en" : "ko"; speak(); });
speak();
fetch("/api/v2/personas").then((response) => response.json()).then((cards) => {
  personas = cards;
  speak();
  const asked = new URLSearchParams(location.search).get("ask"); // a link may carry its question
  if (asked) { byId("text").value = asked; byId("ask").requestSubmit(); }
});
