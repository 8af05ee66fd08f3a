"""Voice, with a stand-in for the speech that no headless browser has: off by default, interruptible, hidden when dead."""

import pytest

from tests.console.conftest import PHONE, Open, answered, ask

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
        const error = (window.errors ?? []).shift();
        if (error) return setTimeout(() => one.dispatchEvent(Object.assign(new Event("error"), { error })), 5);
        window.said.push(one.text);
        setTimeout(() => one.dispatchEvent(new Event("start")), 5);
        setTimeout(() => one.dispatchEvent(new Event("end")), 65);
    },
};
class Recognition extends EventTarget {
    start() {
        if (window.dead) return;
        const error = (window.errors ?? []).shift();
        if (error) return setTimeout(() => {
            this.dispatchEvent(Object.assign(new Event("error"), { error }));
            this.dispatchEvent(new Event("end"));
        }, 30);
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

HEARD = """() => {
    window.heard = [];
    const status = document.querySelector(".log > [role=status]");
    const hear = () => status.textContent && window.heard.push(status.textContent);
    new MutationObserver(hear).observe(status, { childList: true, characterData: true, subtree: true });
}"""

SEEN = """() => {
    const [note, log] = [".unheard", ".log"].map((one) => document.querySelector(one).getBoundingClientRect());
    return note.top >= log.top && note.bottom <= log.bottom + 1;
}"""


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
    page.wait_for_function("() => window.said.filter((one) => one !== '(cancelled)').length >= 2")
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
    page.wait_for_selector(".answer .unheard:has-text('reading aloud does not respond')")
    page.get_by_label("Dictate").click()
    page.wait_for_timeout(3_500)
    page.get_by_label("Stop listening").click()  # the browser may still be asking whether it may listen
    page.get_by_label("Dictate").wait_for()
    page.context.grant_permissions(["microphone"])
    page.get_by_label("Dictate").click()
    page.wait_for_function('() => !document.querySelector(\'[aria-label="Dictate"], [aria-label="Stop listening"]\')')
    page.wait_for_selector(".composer .unheard:has-text('dictation does not respond')")
    assert page.locator(".unheard").count() == 1, "what was said before is said no more"
    assert page.evaluate("document.activeElement.closest('.unheard') !== null"), "the focus is not lost with its button"
    page.click(".unheard >> text=Close")
    assert page.evaluate("document.activeElement.id") == "text"
    page.click(".settings-link")
    for value in (0, 1):
        page.locator(".setting:has-text('Voice') input").nth(value).check()
    page.click(".sheet[open] >> text=Close")
    assert page.get_by_label("Dictate").count() == 1, "turned on once more, it is tried once more"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("not-allowed", "Allow it in your browser's settings"),
        ("audio-capture", "No microphone was found"),
        ("network", "could not be reached"),
        ("no-speech", "Nothing was heard"),
    ],
)
def test_dictation_that_fails_says_so_beside_its_button_once_and_is_tried_again(
    opened: Open, url: str, error: str, said: str
) -> None:
    page = opened(url, **PHONE)
    page.add_init_script(SPEECH % "false" + f"localStorage.setItem('ion.voice', 'on'); window.errors = ['{error}'];")
    page.reload()
    page.evaluate(HEARD)
    page.fill("#text", "Tell me")
    page.get_by_label("Dictate").click()
    page.wait_for_selector(f'.composer .unheard:has-text("{said}")')
    assert page.input_value("#text") == "Tell me"
    page.wait_for_timeout(300)
    assert [one for one in page.evaluate("window.heard") if said in one] == [page.inner_text(".unheard p")], "heard once"
    assert not page.locator(".unheard[role], .unheard [role], .unheard [aria-live]").count()
    page.locator(".unheard button").first.click()
    page.wait_for_function("() => document.getElementById('text').value === 'Tell me how do I rest well'")
    assert not page.locator(".unheard").count()


@pytest.mark.parametrize(
    ("error", "said"), [("voice-unavailable", "no voice for this language"), ("network", "could not be read aloud")]
)
def test_reading_that_fails_says_so_below_the_answer_and_is_tried_again(opened: Open, url: str, error: str, said: str) -> None:
    page = opened(url, viewport={"width": 640, "height": 330})
    page.add_init_script(SPEECH % "false" + f"localStorage.setItem('ion.voice', 'on'); window.errors = ['{error}'];")
    page.reload()
    ask(page, "How do I rest well?")
    answered(page)
    page.get_by_label("Read aloud").click()
    page.wait_for_selector(f".answer .unheard:has-text('{said}')")
    page.wait_for_function(SEEN)
    page.locator(".unheard button").first.click()
    page.wait_for_function("() => window.said.filter((one) => one !== '(cancelled)').length >= 1")
    assert not page.locator(".unheard").count()
