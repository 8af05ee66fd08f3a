"""Where a conversation stands in the window: after a reload, while others are answered, when a second mentor has answered."""

from typing import TYPE_CHECKING

import pytest

from tests.console.conftest import PHONE, Open, answered, ask, settled
from tests.console.served import answers_with, streamed

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.proof

LONG = "\n\n".join(f"This is the {place}. paragraph of an answer that takes some room on a phone." for place in range(14))


def top_of(page: "Page", selector: str) -> float:
    """How far below the upper edge of the conversation's part of the page something begins."""
    return float(
        page.evaluate(
            """selector => document.querySelector(selector).getBoundingClientRect().top
                - document.querySelector(".log").getBoundingClientRect().top""",
            selector,
        )
    )


@pytest.mark.parametrize("locale", ["ko-KR", "en-US"])
def test_a_long_conversation_opens_at_its_newest_question_after_a_reload(opened: Open, url: str, locale: str) -> None:
    page = opened(url, locale, **PHONE)
    answers_with(page, *[(200, streamed(LONG))] * 10)
    for place in range(10):
        ask(page, f"Question {place}")
        answered(page)
    for _ in range(2):
        page.wait_for_timeout(500)
        page.reload()
        page.wait_for_selector(".question")
        page.wait_for_timeout(1_500)
        assert abs(top_of(page, ".turn:last-child")) < 3, "the last question is at the top"
    page.locator(".log").hover()
    page.mouse.wheel(0, -1_500)
    page.wait_for_timeout(500)
    assert top_of(page, ".turn:last-child") > 500, "and nothing holds whoever reads back"


def choose(page: "Page", *mentors: str) -> None:
    """Chooses mentors."""
    page.click(".composer .choice")
    for one in mentors:
        page.click(f".options >> text={one}")
    page.get_by_role("dialog").locator("header .strong").click()


@pytest.mark.parametrize(
    ("locale", "mentors", "danger", "only"),
    [
        ("ko-KR", ("엘로", "리리"), "죽고 싶어요", "위험할 수 있을 때는 멘토 한 명만 답해요."),
        ("en-US", ("Elro", "Nana"), "I want to kill myself", "Only one mentor answers when you may be in danger."),
    ],
)
def test_of_two_mentors_one_answers_in_danger_and_nothing_is_told_that_is_not_shown(
    opened: Open, url: str, locale: str, mentors: tuple[str, str], danger: str, only: str
) -> None:
    page = opened(url, locale, **PHONE)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/process") else None)
    choose(page, *mentors)
    page.evaluate(
        """() => {
            window.heard = [];
            const status = document.querySelector(".log > .unseen");
            const hear = () => window.heard.push(status.textContent);
            new MutationObserver(hear).observe(status, { childList: true, characterData: true, subtree: true });
        }"""
    )
    ask(page, danger)
    page.wait_for_selector(".answer.safe .call")
    page.get_by_text(only).wait_for()
    page.wait_for_timeout(1_500)
    assert len(sent) == 1
    name = page.locator(".answer h2 strong").inner_text()
    assert not [one for one in page.evaluate("window.heard") if next(other for other in mentors if other != name) in one]
    page.reload()
    page.wait_for_selector(".answer.safe .call")
    page.wait_for_timeout(1_000)
    assert len(sent) == 1
    assert page.locator(".answer").count() == 1
    assert page.get_by_text(only).is_visible()
    kept = page.evaluate(
        """() => new Promise((done) => {
            const opening = indexedDB.open("ion-mentoring");
            opening.onsuccess = () => {
                const all = opening.result.transaction("conversations").objectStore("conversations").getAll();
                const facts = ({ state, text, body }) => [state, !!text, !!body];
                all.onsuccess = () => done(all.result[0].turns[0].answers.map(facts));
            };
        })"""
    )
    assert kept == [["done", True, False], ["stopped", False, False]]


def in_view(page: "Page", selector: str) -> bool:
    """Whether the beginning of something is within the conversation's part of the page."""
    height = page.evaluate("document.querySelector('.log').clientHeight")
    return 0 <= top_of(page, selector) <= height - 60


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("moved", [False, True])
def test_numbers_stay_in_view_while_what_waited_before_them_is_answered(
    opened: Open, url: str, *, again: bool, moved: bool
) -> None:
    page = opened(url, "en-US", **PHONE)
    page.wait_for_function("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    settled(page)
    page.context.set_offline(True)
    ask(page, "How do I decide between a monolith and microservices?")
    ask(page, "I want to die")
    page.wait_for_selector(".offline-lines")
    page.wait_for_timeout(800)
    if again:
        page.reload()
        page.wait_for_selector(".offline-lines")
        page.wait_for_timeout(800)
    if moved:
        page.locator(".log").hover()
        page.mouse.wheel(0, -150)
        page.wait_for_timeout(300)
    assert in_view(page, ".offline-lines")
    page.context.set_offline(False)
    page.wait_for_selector(".turn:nth-child(1) .answer .text > *")
    page.wait_for_selector(".answer.safe .call")
    page.wait_for_timeout(1_000)
    assert in_view(page, ".answer.safe .call")


def test_a_second_mentor_who_has_answered_below_is_named_and_a_tap_leads_there(opened: Open, url: str) -> None:
    page = opened(url, "ko-KR", **PHONE)
    choose(page, "엘로", "리리")
    ask(page, "배포 뒤에 오류가 늘었는데 롤백할지 계속 볼지 어떻게 정하죠?")
    answered(page)
    hint = page.get_by_role("button", name="리리도 답했어요")
    hint.wait_for()
    hint.click()
    hint.wait_for(state="detached")
    assert in_view(page, ".answer:last-child")
