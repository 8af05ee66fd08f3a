"""Beside an answer to danger stands who can be reached, by name and in order, in every turn of it; without a network, too."""

from typing import TYPE_CHECKING

import pytest

from tests.console.conftest import PHONE, Open, answered, ask, settled

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.proof

KOREAN = [("tel:109", "109 자살예방 상담전화"), ("tel:119", "119 구급차"), ("tel:112", "112 경찰")]
AMERICAN = [("tel:988", "988 Suicide & Crisis Lifeline (US)"), ("tel:911", "911 Emergency")]


def calls(page: "Page", within: str) -> list[tuple[str | None, str]]:
    """The buttons that are seen, and what they say."""
    found = page.locator(f"{within} .call:visible").all()
    return [(one.get_attribute("href"), one.inner_text()) for one in found]


@pytest.mark.parametrize(
    ("locale", "turns", "first", "message"),
    [
        ("ko-KR", ["죽고 싶어요", "아무한테도 말하고 싶지 않아요", "배고파요"], KOREAN, ("sms:109", "문자 109")),
        (
            "en-US",
            ["I want to die", "I don't want to tell anyone", "What should I cook for dinner?"],
            AMERICAN,
            ("sms:741741?&body=HOME", "Text HOME to 741741"),
        ),
    ],
)
def test_each_turn_says_who_answers_the_line_against_suicide_first(
    opened: Open, url: str, locale: str, turns: list[str], first: list[tuple[str, str]], message: tuple[str, str]
) -> None:
    page = opened(url, locale, **PHONE)
    for place, text in enumerate(turns, start=1):
        ask(page, text)
        answered(page)
        page.wait_for_selector(f".turn:nth-child({place}) .answer.safe")
        shown = calls(page, f".turn:nth-child({place}) .answer.safe")
        assert shown[: len(first)] == first
        assert any(href == message[0] and said.startswith(message[1]) for href, said in shown), "also without a voice"


def test_a_number_in_the_words_is_large_enough_for_a_finger(opened: Open, url: str) -> None:
    page = opened(url, "ko-KR", **PHONE)
    ask(page, "죽고 싶어요")
    answered(page)
    box = page.locator('.answer.safe .text a[href^="tel:"]').first.bounding_box()
    assert box is not None
    assert box["height"] >= 40


def test_an_answer_that_was_kept_without_its_lines_names_them_all_the_same(opened: Open, url: str) -> None:
    first = opened(url, "ko-KR", alone=False)
    ask(first, "죽고 싶어요. 다리 위에 있어요")
    answered(first)
    id_ = first.url.partition("#c=")[2]
    second = opened(url, "ko-KR", alone=False, **PHONE)
    second.wait_for_timeout(1_500)
    second.goto(f"{url}/#c={id_}")
    second.reload()
    second.wait_for_selector(".answer.safe .call")
    named = dict(calls(second, ".answer.safe"))
    assert named
    assert set(named.values()) <= {said for _, said in KOREAN}


def test_without_a_network_a_danger_has_the_same_order_and_stays_when_it_is_not_sent(opened: Open, url: str) -> None:
    page = opened(url, "ko-KR", **PHONE)
    settled(page)
    page.context.set_offline(True)
    ask(page, "죽고 싶어요")
    page.wait_for_selector(".offline-lines")
    assert calls(page, ".offline-lines") == KOREAN
    page.get_by_text("보내지 않기").click()
    page.get_by_text("여기서 멈췄어요").wait_for()
    assert calls(page, ".offline-lines") == KOREAN
    page.context.set_offline(False)
    page.get_by_role("banner").get_by_text("연결이 끊겼어요").wait_for(state="detached")
    assert calls(page, ".offline-lines") == KOREAN
    page.reload()
    page.wait_for_selector(".offline-lines")
    assert calls(page, ".offline-lines") == KOREAN


@pytest.mark.parametrize(
    ("locale", "text", "numbers"),
    [
        ("ko-KR", "A/B 테스트 결과가 유의하지 않게 나왔어요. 어떻게 해석해야 하죠?", ["tel:109", "tel:119", "tel:112"]),
        ("en-US", "How do I decide between a monolith and microservices?", ["tel:988", "tel:911"]),
    ],
)
def test_without_a_network_an_ordinary_question_has_a_small_line(
    opened: Open, url: str, locale: str, text: str, numbers: list[str]
) -> None:
    page = opened(url, locale, **PHONE)
    settled(page)
    page.context.set_offline(True)
    ask(page, text)
    page.wait_for_selector(".trouble .lines-small")
    assert not page.locator(".offline-lines").count()
    assert [one.get_attribute("href") for one in page.locator(".lines-small a").all()] == numbers
    box = page.locator(".lines-small").bounding_box()
    assert box is not None
    assert box["height"] < 120
