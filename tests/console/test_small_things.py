"""What annoys a little: said where it happens, covering nothing, and asking the server for nothing that it cannot have."""

import pytest

from tests.console.conftest import PHONE, Open, answered, ask, settled, unheard
from tests.console.served import answers_with, streamed

pytestmark = pytest.mark.proof


def test_the_way_to_the_newest_covers_no_word(opened: Open, url: str) -> None:
    page = opened(url, **PHONE)
    answers_with(page, (200, streamed("A long answer. " * 200)))
    ask(page, unheard())
    answered(page)
    newest, log = (page.locator(one).bounding_box() for one in (".newest", ".log"))
    assert newest is not None
    assert log is not None
    assert newest["y"] >= log["y"] + log["height"]
    page.click(".newest")
    page.wait_for_selector(".newest", state="hidden")


def test_sending_nothing_says_what_is_missing(opened: Open, url: str) -> None:
    for locale, said in (("en-US", "Write your question first."), ("ko-KR", "먼저 질문을 적어 주세요.")):
        page = opened(url, locale, **PHONE)
        page.click(".send")
        page.get_by_role("status").get_by_text(said).wait_for()
        page.fill("#text", "a")
        page.get_by_text(said).wait_for(state="detached")


def test_a_new_conversation_holds_nothing_of_the_last_one_for_a_screen_reader(opened: Open, url: str) -> None:
    page = opened(url)
    ask(page, "I want to die")
    said = answered(page)
    page.wait_for_function("() => document.querySelector('.log > [role=status]').textContent.length > 50")
    page.click(".new")
    page.wait_for_function("() => document.querySelector('.log > [role=status]').textContent === ''")
    assert said[:20] not in page.inner_text("body")


def test_a_conversation_of_which_nothing_was_sent_asks_the_server_for_nothing(opened: Open, url: str) -> None:
    page = opened(url)
    settled(page)
    page.context.set_offline(True)
    ask(page, unheard())
    page.get_by_text("Don't send").click()
    page.context.set_offline(False)
    page.get_by_role("banner").get_by_text("You are offline").wait_for(state="detached")
    page.click(".new")
    ask(page, unheard())
    answered(page)
    missed: list[str] = []
    page.on("response", lambda response: missed.append(response.url) if response.status == 404 else None)
    page.locator(".entry-open").last.click()
    page.wait_for_timeout(1_000)
    page.reload()
    page.wait_for_timeout(1_500)
    assert missed == []


def test_the_search_says_in_readable_words_what_it_is_for(opened: Open, url: str) -> None:
    page = opened(url, color_scheme="dark")
    ask(page, unheard())
    answered(page)
    shown = page.evaluate("getComputedStyle(document.querySelector('.search input'), '::placeholder').color")
    assert shown == page.evaluate("getComputedStyle(document.querySelector('.search')).color")


def test_a_choice_is_a_list_with_letters(opened: Open, url: str) -> None:
    page = opened(url)
    answers_with(page, (200, streamed("There are two options:\nA) One module. It is simple.\nB) Many services.")))
    ask(page, unheard())
    answered(page)
    assert page.locator(".text ol.letters li").all_inner_texts() == ["One module. It is simple.", "Many services."]
    assert page.evaluate("getComputedStyle(document.querySelector('.letters li')).listStyleType") == "upper-alpha"
