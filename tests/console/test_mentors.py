"""Who answers: why, several of them, what they offer, and where to turn in danger."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.console.conftest import PHONE, Open, answered, ask, unheard
from tests.console.served import answers_with, streamed

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.proof


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
    assert page.locator('.why svg[aria-label^="Lua: 0."] rect').count() == 7, (
        "a track, and what tone, pace, intent, situation, one's own ratings and an experiment add"
    )
    assert "then Nana" in page.inner_text(".why")
    assert "The next best" not in page.inner_text(".why"), "once is enough"
    page.click("text=Ask Nana, too")
    answered(page)
    assert page.locator(".answer h2 strong").all_inner_texts() == ["Lua", "Nana"]


def test_who_goes_on_with_a_conversation_is_not_said_to_have_won_it_by_a_score(opened: Open, url: str) -> None:
    page = opened(url)
    ask(page, "I failed my exam and I feel like a fraud")
    answered(page)
    page.locator(".answer .worded", has_text="Why").click()
    first = page.locator(".turn:nth-child(1) .why")
    first.wait_for()
    ask(page, "Compare the numbers of both attempts by topic, which metric tells more?")
    answered(page)
    page.locator(".turn:nth-child(2) .answer .worded", has_text="Why").click()
    why = page.locator(".turn:nth-child(2) .why")
    why.wait_for()
    said = why.inner_text()
    assert said.startswith("Lua, who has been answering in this conversation, goes on.")
    assert "the scores did not decide" in said
    assert "next best" not in said
    assert "would have answered" not in said
    for part in why.locator(".legend span").all():
        shown = why.locator(f"svg rect.{part.get_attribute('class')}").all()
        assert any(float(one.get_attribute("width") or 0) > 0 for one in shown), "a colour that no bar has"


def test_the_next_best_is_whom_the_button_asks(opened: Open, url: str) -> None:
    page = opened(url)
    ask(page, "I failed my exam and I feel like a fraud")
    answered(page)
    page.locator(".answer .worded", has_text="Why").click()
    asks = page.locator(".answer .worded", has_text="Ask").inner_text().removeprefix("Ask ").removesuffix(", too")
    assert f"then {asks}" in page.inner_text(".why")


def test_two_mentors_answer_together(opened: Open, url: str) -> None:
    page = opened(url)
    page.click(".composer .choice")
    page.click(".options >> text=Elro")
    page.click(".options >> text=Riri")
    assert page.locator(".options button:disabled").count() == 2, "a third takes nobody's place unseen"
    page.click(".sheet >> text=Done")
    ask(page, "How do I decide between a monolith and microservices?")
    answered(page)
    assert page.locator(".answer h2 strong").all_inner_texts() == ["Elro", "Riri"]


def two_mentors(page: "Page") -> None:
    """Chooses Elro and Riri."""
    page.click(".composer .choice")
    page.click(".options >> text=Elro")
    page.click(".options >> text=Riri")
    page.click(".sheet >> text=Done")


def test_the_second_of_two_mentors_has_heard_the_first_and_repeats_no_paragraph(opened: Open, url: str) -> None:
    page = opened(url)
    sent: list[dict[str, Any]] = []
    page.on("request", lambda request: sent.append(request.post_data_json) if request.url.endswith("/process") else None)
    two_mentors(page)
    ask(page, "My lead keeps ignoring what I say in meetings")
    answered(page)
    first, second = (page.locator(".answer .text").nth(place).locator("p").all_inner_texts() for place in (0, 1))
    assert sent[1]["context"]["message_history"][0]["content"] == "My lead keeps ignoring what I say in meetings"
    assert [one for one in first if len(one) > 80 and one in second] == []


def test_who_stops_the_first_of_two_mentors_hears_no_second(opened: Open, slow_url: str) -> None:
    page = opened(slow_url)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/process") else None)
    two_mentors(page)
    ask(page, unheard())
    page.wait_for_selector(".answer .text p")
    page.wait_for_timeout(1_000)
    page.get_by_label("Stop", exact=True).click()
    page.wait_for_function("() => !document.querySelector('.answer[aria-busy=true]')")
    page.wait_for_timeout(500)
    assert len(sent) == 1
    assert page.locator(".answer").get_by_text("Stopped here.").count() == 2


def test_two_mentors_say_once_where_to_turn(opened: Open, url: str) -> None:
    page = opened(url, **PHONE)
    page.click(".composer .choice")
    page.click(".options >> text=Elro")
    page.click(".options >> text=Riri")
    page.click(".sheet >> text=Done")
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
