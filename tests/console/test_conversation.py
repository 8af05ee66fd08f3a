"""A conversation in a real browser: it grows as it is written, is stopped, survives a cut, and stays text."""

import json
from typing import TYPE_CHECKING

import pytest

from tests.console.conftest import PHONE, Open, answered, ask, grown, slow_storage, unheard
from tests.console.cutting import cutting

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

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


def answers_with(page: "Page", *answers: tuple[int, object]) -> None:
    """Lets the next questions be answered with these, as the server would."""
    left = list(answers)

    def fulfil(route: "Route") -> None:
        if not left:
            return route.fallback()
        status, body = left.pop(0)
        if isinstance(body, str):
            return route.fulfill(status=status, content_type="text/event-stream", body=body)
        return route.fulfill(status=status, json=body, headers={"retry-after": "2"} if status == 429 else {})

    page.route("**/api/v2/process", fulfil)


def streamed(content: str, **metadata: object) -> str:
    """A whole stream."""
    routing = {
        "primary_persona": "Lua",
        "secondary_persona": "Nana",
        "scores": {"lua": 1},
        "contributions": {},
        "reasoning": "",
    }
    began = {"persona_used": "Lua", "resonance_key": "calm-medium-learning", "routing": {**routing, "counterfactual": None}}
    done = {**began, "content": content, "metadata": metadata, "request_id": "r-1"}
    events = (("routing", began), ("delta", {"text": content}), ("done", done))
    return "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events)


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


def test_a_limit_counts_down_and_the_question_is_sent_again(opened: Open, url: str) -> None:
    page = opened(url, "ko-KR")
    limited = {
        "error": {"code": "RATE_LIMITED", "message": "", "field": None, "details": {"policy": "minute"}},
        "request_id": "r-9",
    }
    answers_with(page, (429, limited))
    ask(page, "오늘 하루를 어떻게 정리할까요?")
    assert "초 뒤에" in page.inner_text(".trouble")
    assert page.is_disabled(".trouble .strong")
    assert not page.locator(".trouble .call").count(), "the answer is a moment away"
    page.click(".trouble .strong")
    assert len(answered(page)) > 20
    assert not page.locator(".trouble").count()


def test_a_server_that_is_gone_is_told_with_lines_and_a_way_on(opened: Open, url: str) -> None:
    page = opened(url, "ko-KR")
    page.route("**/api/v2/process", lambda route: route.abort())
    ask(page, "오늘 하루를 어떻게 정리할까요?")
    page.wait_for_selector(".trouble")
    assert "서버에 닿지 못했어요" in page.inner_text(".trouble")
    assert page.locator('.trouble a[href="tel:109"]').count() == 1
    page.unroute("**/api/v2/process")
    page.click(".trouble .strong")
    assert len(answered(page)) > 20


def test_too_long_a_question_is_counted_in_letters_and_not_sent(opened: Open, url: str) -> None:
    page = opened(url)
    page.fill("#text", "😀" * 3_990)
    assert page.inner_text("#length") == "10 characters left"
    page.fill("#text", "😀" * 4_003)
    assert "3 characters too long" in page.inner_text("#length")
    assert page.is_disabled(".send")


def test_an_answer_to_danger_is_set_apart_and_its_lines_can_be_called(opened: Open, url: str) -> None:
    page = opened(url, "ko-KR", **PHONE)
    ask(page, "죽고 싶어요. 약을 모아 뒀어요")
    answered(page)
    assert page.locator(".answer.safe").count() == 1
    assert page.locator('.answer.safe .call[href="tel:109"]').is_visible()
    assert not page.locator(".answer.safe .worded").count(), "no scores beside it"


def test_what_is_offered_is_chosen_with_a_tap(opened: Open, url: str) -> None:
    page = opened(url)
    answers_with(page, (200, streamed("Which one is it?", offered=["Afraid to speak in meetings", "Overlooked for promotion"])))
    ask(page, "work is strange lately")
    answered(page)
    page.unroute("**/api/v2/process")
    page.click("text=Afraid to speak in meetings")
    answered(page)
    assert page.locator(".question p").nth(1).inner_text() == "Afraid to speak in meetings"
    assert not page.locator(".choices").count(), "they are for one turn"


def test_who_answers_and_why_is_shown_and_another_mentor_is_asked(opened: Open, url: str) -> None:
    page = opened(url)
    ask(page, "I failed my exam and I feel like a fraud")
    answered(page)
    page.click("text=Why Lua?")
    page.wait_for_selector(".why")
    assert page.locator(".why .bars li").count() == 4
    assert page.locator('.why svg[aria-label^="Lua: 0."] rect').count() == 6, (
        "a track, and what tone, pace, intent, situation and one's own ratings add"
    )
    assert "then Nana" in page.inner_text(".why")
    assert "The next best" not in page.inner_text(".why"), "once is enough"
    page.click("text=Ask Nana, too")
    answered(page)
    assert page.locator(".answer h2 strong").all_inner_texts() == ["Lua", "Nana"]


def test_two_mentors_answer_together(opened: Open, url: str) -> None:
    page = opened(url)
    page.click(".composer .choice")
    page.click(".options >> text=Elro")
    page.click(".options >> text=Riri")
    page.click(".sheet >> text=Close")
    ask(page, "How do I decide between a monolith and microservices?")
    answered(page)
    assert page.locator(".answer h2 strong").all_inner_texts() == ["Elro", "Riri"]


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


def test_what_was_asked_for_by_a_tap_comes_into_view(opened: Open, url: str) -> None:
    page = opened(url, **{**PHONE, "viewport": {"width": 390, "height": 480}})
    ask(page, "I failed my exam and I feel like a fraud")
    answered(page)
    page.locator(".worded").first.click()
    in_view(page, ".why")
    page.locator(".worded").first.click()
    page.get_by_label("Not helpful").click()
    in_view(page, ".reasons")
    page.click("text=Ask Nana, too")
    in_view(page, ".answer:last-child header")
    answered(page)
    assert page.locator(".answer h2 strong").all_inner_texts() == ["Lua", "Nana"]


def in_view(page: "Page", selector: str) -> None:
    """Waits until the beginning of something is within the conversation's part of the page."""
    page.wait_for_function(
        """selector => {
            const [at, log] = [selector, ".log"].map(one => document.querySelector(one)?.getBoundingClientRect());
            return at && at.top >= log.top - 2 && at.top + 40 <= log.bottom;
        }""",
        arg=selector,
    )


def test_two_mentors_say_once_where_to_turn(opened: Open, url: str) -> None:
    page = opened(url, **PHONE)
    page.click(".composer .choice")
    page.click(".options >> text=Elro")
    page.click(".options >> text=Riri")
    page.click(".sheet >> text=Close")
    page.context.set_offline(True)
    ask(page, "I want to die, I have the pills here")
    page.wait_for_selector(".trouble")
    assert page.locator(".offline-lines").count() == 1
    page.context.set_offline(False)
    page.wait_for_selector(".answer.safe .call")
    page.wait_for_timeout(1_000)
    assert page.locator(".answer.safe").count() == page.locator(".answer").count() == 1
    order = "document.querySelector('.safe .call').compareDocumentPosition(document.querySelector('.safe h2'))"
    assert page.evaluate(f"{order} === Node.DOCUMENT_POSITION_FOLLOWING"), "the lines come before everything"
