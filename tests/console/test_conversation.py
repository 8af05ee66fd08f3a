"""A conversation in a real browser: it grows as it is written, is stopped, survives a cut, and stays text."""

import pytest

from tests.console.conftest import PHONE, Open, answered, ask, unheard
from tests.console.cutting import cutting
from tests.console.midway import grown, slow_storage
from tests.console.served import answers_with, streamed

SAID = "One small step at a time. "
PIECES = 20

pytestmark = pytest.mark.proof


def test_an_answer_grows_as_it_is_written_and_says_who_writes(opened: Open, slow_url: str) -> None:
    page = opened(slow_url)
    ask(page, unheard())
    page.wait_for_selector(".answer[aria-busy=true] h2 strong")  # who answers is there before all of it
    text, button = grown(page, len(SAID))
    assert len(text) < PIECES * len(SAID), "the beginning is there before the end"
    assert button == "Stop"
    assert answered(page) == (SAID * PIECES).strip()
    assert page.get_attribute(".send", "aria-label") == "Send"


def test_only_the_end_of_an_answer_is_touched_while_it_is_written(opened: Open, slow_url: str) -> None:
    page = opened(slow_url)
    ask(page, unheard())
    page.wait_for_selector(".text p")
    page.evaluate("window.first = document.querySelector('.text p').firstChild")
    answered(page)
    assert page.evaluate("window.first === document.querySelector('.text p').firstChild && window.first.isConnected")


def test_stop_ends_it_keeps_what_was_written_and_the_next_question_knows_it(opened: Open, slow_url: str) -> None:
    page = opened(slow_url)
    sent: list[dict[str, object]] = []
    page.on("request", lambda request: sent.append(request.post_data_json) if request.url.endswith("/process") else None)
    ask(page, unheard())
    grown(page, len(SAID), stop=True)
    page.wait_for_selector("text=Stopped here.")
    stopped = page.inner_text(".text")
    page.wait_for_timeout(400)
    assert page.inner_text(".text") == stopped
    ask(page, "And what then?")
    assert answered(page) == (SAID * PIECES).strip()
    history = sent[-1]["context"]["message_history"]  # type: ignore[index]
    assert [message["role"] for message in history] == ["user", "assistant"]
    assert history[1]["content"].strip() == stopped.strip()


def test_the_second_tap_of_two_on_send_stops_nothing(opened: Open, slow_url: str) -> None:
    page = opened(slow_url)
    page.fill("#text", unheard())
    page.dblclick(".send")
    assert answered(page) == (SAID * PIECES).strip()
    assert page.locator(".question").count() == 1


def test_what_was_stopped_is_asked_again_with_a_tap(opened: Open, slow_url: str) -> None:
    page = opened(slow_url)
    ask(page, unheard())
    grown(page, len(SAID), stop=True)
    page.click("text=Ask again")
    assert answered(page) == (SAID * PIECES).strip()
    assert page.locator(".question").count() == page.locator(".answer").count() == 1


def test_a_question_right_after_stop_knows_what_was_written_however_slow_the_storage(opened: Open, slow_url: str) -> None:
    page = opened(slow_url)
    ask(page, unheard())
    grown(page)
    with page.expect_request(lambda request: request.url.endswith("/process")) as sent, slow_storage(page):
        grown(page, len(SAID), stop=True)
        page.wait_for_selector("text=Stopped here.")
        ask(page, "And what then?")
    assert len(sent.value.post_data_json["context"]["message_history"]) == 2


def test_a_connection_that_is_cut_is_taken_up_where_it_was(opened: Open, slow_url: str) -> None:
    with cutting(slow_url) as url:
        page = opened(url)
        ask(page, unheard())
        assert answered(page) == (SAID * PIECES).strip()
        assert not page.locator(".trouble").count()


def test_html_scripts_long_words_and_other_directions_stay_text(opened: Open, url: str) -> None:
    page = opened(url, **PHONE)
    text = (
        "<img src=x onerror=alert(1)><script>alert(2)</script>\n\n[a](javascript:alert(3))\n\n"
        + "w" * 900
        + "\n\nשלום, 안녕 hello\n\n```\n<b>\n```"
    )
    answers_with(page, (200, streamed(text)))
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    ask(page, "x")
    shown = answered(page)
    assert "<script>alert(2)</script>" in shown
    assert not page.locator(".text img, .text script, .text a, .text b").count()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("getComputedStyle(document.querySelector('.text p')).unicodeBidi") == "plaintext"


def test_a_new_conversation_begins_at_its_top(opened: Open, url: str) -> None:
    page = opened(url, viewport={"width": 390, "height": 500})
    ask(page, "I failed my exam and I feel like a fraud")
    answered(page)
    page.locator(".log").evaluate("log => log.scrollTo(0, log.scrollHeight)")
    page.locator(".head .round").last.click()
    page.wait_for_selector(".start")
    page.wait_for_function("() => document.querySelector('.log').scrollTop === 0")


def test_an_edited_question_goes_on_beside_the_old_one(opened: Open, url: str) -> None:
    page = opened(url)
    for question in ("I failed my exam and I feel like a fraud", "How do I rest well?"):
        ask(page, question)
        answered(page)
    page.locator(".question").nth(1).get_by_label("Edit").click()
    page.fill(".edit textarea", "How do I sleep well?")
    page.click(".edit .strong")
    answered(page)
    assert page.locator(".question p").all_inner_texts() == ["I failed my exam and I feel like a fraud", "How do I sleep well?"]
    assert page.locator(".entry").count() == 2
