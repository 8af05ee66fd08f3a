"""Writing in a real browser: Hangul, Enter, touch keyboards."""

from typing import TYPE_CHECKING

import pytest

from tests.console.conftest import PHONE, Open, answered, ask
from tests.console.midway import slow_storage

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

GREETING = "안녕하세요"
TIMES = 20

pytestmark = pytest.mark.proof


def compose(session: "CDPSession", syllables: str) -> None:
    """Types a word as an input method does, and confirms its last syllable with Enter."""
    for place, syllable in enumerate(syllables):
        session.send("Input.imeSetComposition", {"text": syllable, "selectionStart": 1, "selectionEnd": 1})
        if place < len(syllables) - 1:
            session.send("Input.insertText", {"text": syllable})
    session.send(
        "Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
    )
    session.send("Input.insertText", {"text": syllables[-1]})


@pytest.mark.parametrize("where", ["composer", "edit", "rename"])
def test_the_enter_that_ends_a_syllable_sends_nothing_and_doubles_nothing(opened: Open, url: str, where: str) -> None:
    page = opened(url, "ko-KR")
    ask(page, "오늘 하루를 어떻게 정리할까요?")
    answered(page)
    field = {"composer": "#text", "edit": ".edit textarea", "rename": ".naming input"}[where]
    if where == "edit":
        page.locator(".question").get_by_label("고쳐 묻기").click()
    if where == "rename":
        page.click(".entry .round")
        page.click("text=이름 바꾸기")
    session = page.context.new_cdp_session(page)
    for _ in range(TIMES):
        page.fill(field, "")
        page.focus(field)
        compose(session, GREETING)
        assert page.input_value(field) == GREETING
        assert page.locator(".question, .edit").count() == 1


def test_escape_ends_renaming_and_no_more(opened: Open, url: str) -> None:
    page = opened(url, **PHONE)
    ask(page, "How do I rest well?")
    answered(page)
    page.locator(".head .round").first.click()
    page.click(".entry .round")
    page.click("text=Rename")
    page.wait_for_selector(".naming input:focus")
    page.keyboard.press("Escape")
    page.wait_for_selector(".naming", state="detached")
    assert page.locator(".sidebar.open .entry-open").is_visible()


def test_a_question_that_is_edited_waits_for_whoever_looks_elsewhere_meanwhile(opened: Open, url: str) -> None:
    page = opened(url)
    ask(page, "How do I prepare a code review?")
    answered(page)
    page.locator(".question").hover()
    page.click(".question button[aria-label='Edit']")
    page.fill(".edit textarea", "How do I prepare a design review")
    page.click(".new")
    page.click(".entry-open")
    page.wait_for_selector(".edit textarea")
    assert page.input_value(".edit textarea") == "How do I prepare a design review"
    page.click(".edit .quiet")
    page.click(".new")
    page.click(".entry-open")
    page.wait_for_selector(".question p")
    assert page.locator(".edit").count() == 0


def test_enter_after_the_syllable_sends_the_whole_word(opened: Open, url: str) -> None:
    page = opened(url, "ko-KR")
    page.focus("#text")
    compose(page.context.new_cdp_session(page), GREETING)
    page.wait_for_timeout(80)
    page.keyboard.press("Enter")
    answered(page)
    assert page.inner_text(".question p") == GREETING


def test_webkit_tells_the_end_of_a_syllable_before_its_enter(opened: Open, url: str) -> None:
    page = opened(url, "ko-KR")
    page.fill("#text", GREETING)
    page.evaluate(
        """() => {
            const area = document.getElementById("text");
            area.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: "요" }));
            area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
        }"""
    )
    page.wait_for_timeout(100)
    assert not page.locator(".question").count()
    assert page.input_value("#text") == GREETING


def test_return_on_a_phone_is_a_new_line_and_shift_enter_on_a_desktop(opened: Open, url: str) -> None:
    phone = opened(url, **PHONE)
    write_lines(phone, "Enter")
    assert phone.get_attribute("#text", "enterkeyhint") == "enter"
    desktop = opened(url)
    write_lines(desktop, "Shift+Enter")
    desktop.keyboard.press("Enter")
    answered(desktop)
    assert desktop.locator(".question p").inner_text() == "one\ntwo"


def write_lines(page: "Page", key: str) -> None:
    page.focus("#text")
    page.keyboard.type("one")
    page.keyboard.press(key)
    page.keyboard.type("two")
    assert page.input_value("#text") == "one\ntwo"


def test_a_tap_on_send_within_a_syllable_sends_all_of_it(opened: Open, url: str) -> None:
    page = opened(url, "ko-KR", **PHONE)
    page.focus("#text")
    session = page.context.new_cdp_session(page)
    session.send("Input.insertText", {"text": "안녕하세"})
    session.send("Input.imeSetComposition", {"text": "요", "selectionStart": 1, "selectionEnd": 1})
    page.tap(".send")
    answered(page)
    assert page.inner_text(".question p") == GREETING
    assert page.input_value("#text") == ""


def test_what_is_written_before_the_draft_was_found_stays(opened: Open, url: str) -> None:
    other = opened(url)
    other.fill("#text", "half a thought")
    other.wait_for_timeout(300)  # until it is written down
    with slow_storage(other):
        page = other.context.new_page()
        page.goto(url)
        page.wait_for_selector(".composer .send")
        page.fill("#text", "something else")
    page.wait_for_timeout(300)
    assert page.input_value("#text") == "something else"


def test_what_was_written_before_the_script_came_is_still_there(opened: Open, url: str) -> None:
    page = opened(url)
    page.route("**/assets/app.*", lambda route: (page.wait_for_timeout(600), route.fallback())[1])
    page.goto(url, wait_until="commit")
    page.fill("#text", "written early")
    page.wait_for_selector(".composer .send")
    assert page.input_value("#text") == "written early"
    page.wait_for_timeout(300)
    assert page.input_value("#text") == "written early"
