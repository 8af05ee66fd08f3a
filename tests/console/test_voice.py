"""Voice, with a stand-in for the speech that no headless browser has: off by default, interruptible, hidden when dead."""

import pytest

from tests.console.conftest import Open, answered, ask

pytestmark = pytest.mark.proof

SPEECH = """
window.said = [];
window.dead = %s;
class Utterance extends EventTarget { constructor(text) { super(); this.text = text; } }
const engine = {
    getVoices: () => [0, 1, 2, 3].map((n) => ({ name: `voice ${n}`, lang: "en-US" })),
    addEventListener: () => undefined,
    cancel: () => window.said.push("(cancelled)"),
    speak: (one) => {
        if (window.dead) return;
        window.said.push(one.text);
        setTimeout(() => one.dispatchEvent(new Event("start")), 5);
        setTimeout(() => one.dispatchEvent(new Event("end")), 65);
    },
};
class Recognition extends EventTarget {
    start() {
        if (window.dead) return;
        this.dispatchEvent(new Event("start"));
        const results = [[{ transcript: "how do I" }], [{ transcript: " rest well" }]];
        setTimeout(() => this.dispatchEvent(Object.assign(new Event("result"), { results })), 30);
    }
    stop() { this.dispatchEvent(new Event("end")); }
    abort() {}
}
Object.defineProperty(window, "speechSynthesis", { value: engine });
Object.assign(window, { SpeechSynthesisUtterance: Utterance, SpeechRecognition: Recognition });
"""


def test_nothing_speaks_or_listens_until_it_is_turned_on(opened: Open, url: str) -> None:
    page = opened(url)
    page.add_init_script(SPEECH % "false")
    page.reload()
    ask(page, "How do I rest well?")
    answered(page)
    assert not page.get_by_label("Read aloud").count()
    assert not page.get_by_label("Dictate").count()
    page.click(".settings-link")
    page.locator(".setting:has-text('Voice') input").nth(1).check()
    page.click(".sheet[open] >> text=Close")
    assert page.get_by_label("Read aloud").count() == 1
    assert page.get_by_label("Dictate").count() == 1


def test_an_answer_is_read_a_sentence_at_a_time_until_it_is_interrupted(opened: Open, url: str) -> None:
    page = opened(url)
    page.add_init_script(SPEECH % "false" + "localStorage.setItem('ion.voice', 'on');")
    page.reload()
    ask(page, "How do I rest well?")
    answered(page)
    page.get_by_label("Read aloud").click()
    page.wait_for_function("() => window.said.filter((one) => one !== '(cancelled)').length === 2")
    page.get_by_label("Stop reading").click()
    page.wait_for_function("() => window.said.at(-1) === '(cancelled)'")
    count = page.evaluate("window.said.length")
    page.wait_for_timeout(300)
    assert page.evaluate("window.said.length") == count
    assert all(len(one) <= 180 for one in page.evaluate("window.said"))


def test_what_was_said_stands_in_the_field_and_is_sent_by_hand(opened: Open, url: str) -> None:
    page = opened(url)
    page.add_init_script(SPEECH % "false" + "localStorage.setItem('ion.voice', 'on');")
    page.reload()
    page.fill("#text", "Tell me")
    page.get_by_label("Dictate").click()
    page.wait_for_function("() => document.getElementById('text').value === 'Tell me how do I rest well'")
    assert not page.locator(".question").count()
    page.get_by_label("Stop listening").click()
    page.click(".send")
    answered(page)
    assert page.inner_text(".question p") == "Tell me how do I rest well"


def test_speech_that_is_there_but_dead_is_hidden_and_that_is_said(opened: Open, url: str) -> None:
    page = opened(url)
    page.add_init_script(SPEECH % "true" + "localStorage.setItem('ion.voice', 'on');")
    page.reload()
    ask(page, "How do I rest well?")
    answered(page)
    page.get_by_label("Read aloud").click()
    page.wait_for_function('() => !document.querySelector(\'[aria-label="Read aloud"], [aria-label="Stop reading"]\')')
    page.wait_for_selector(".log [role=status]:has-text('does not respond')", state="attached")
    page.get_by_label("Dictate").click()
    page.wait_for_function('() => !document.querySelector(\'[aria-label="Dictate"], [aria-label="Stop listening"]\')')
