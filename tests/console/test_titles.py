"""What a conversation is called: by its first question; one that began with a danger by its day and mentor alone."""

from typing import TYPE_CHECKING

import pytest

from tests.console.conftest import PHONE, Open, answered, ask, settled

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.proof


def titles(page: "Page") -> list[str]:
    return page.locator(".entry-open span").all_inner_texts()


def read(page: "Page") -> str:
    """All that others can read of a conversation's name: the head, the tab, the list and its menus."""
    labels = [one.get_attribute("aria-label") or "" for one in page.locator(".entry [aria-label]").all()]
    return " ".join([page.inner_text(".title"), page.title(), *titles(page), *labels])


@pytest.mark.parametrize(
    ("locale", "danger", "then", "mentor"),
    [("ko-KR", "죽고 싶어요", "오늘 저녁은 뭐 먹죠?", "루아"), ("en-US", "I want to die", "What should I cook?", "Lua")],
)
def test_a_conversation_that_began_with_a_danger_has_a_neutral_title_everywhere(
    opened: Open, url: str, locale: str, danger: str, then: str, mentor: str
) -> None:
    page = opened(url, locale, alone=False)
    settled(page)
    page.context.set_offline(True)
    ask(page, danger)
    page.wait_for_selector(".trouble")
    assert danger not in read(page), "nor while it waits"
    page.context.set_offline(False)
    page.wait_for_selector(".answer.safe")
    ask(page, then)
    answered(page)
    assert danger not in read(page)
    assert mentor in page.inner_text(".title")
    page.locator(".entry .round").first.click()
    page.locator(".entry-menu .danger").click()
    assert danger not in page.inner_text(".entry-menu")
    second = opened(url, locale, alone=False)
    second.wait_for_selector(".entry-open")
    second.wait_for_timeout(500)
    assert danger not in read(second)
    assert then not in read(second), "it has the title of its first question, not of its last"
    second.locator(".entry-open", has_text=f"· {mentor}").first.click()
    second.wait_for_selector(".turn:nth-child(2) .answer .text p")
    assert danger not in read(second)


def test_a_name_of_ones_own_stays(opened: Open, url: str) -> None:
    page = opened(url)
    ask(page, "I want to die")
    answered(page)
    page.locator(".entry .round").click()
    page.click("text=Rename")
    page.fill(".naming input", "That evening")
    page.keyboard.press("Enter")
    page.wait_for_selector(".title:has-text('That evening')")


def test_a_question_that_only_sounds_like_danger_gets_its_title_back(opened: Open, url: str) -> None:
    page = opened(url)
    ask(page, "How do I kill a process that hangs?")
    answered(page)
    page.wait_for_selector(".title:has-text('kill a process')")


def test_equal_beginnings_are_told_apart_by_the_time(opened: Open, url: str) -> None:
    page = opened(url, **PHONE)
    for _ in range(2):
        page.locator(".head .round").last.click()
        ask(page, "How do I rest well?")
        answered(page)
        page.wait_for_timeout(1_100)
    page.locator(".head .round").last.click()
    ask(page, "How do I learn a song?")
    answered(page)
    page.locator(".head .round").first.click()
    [alone, *twins] = page.locator(".entry-open small").all_inner_texts()
    assert len(set(twins)) == 2
    assert len(alone) < min(map(len, twins)), "what is alone has its time as before"
