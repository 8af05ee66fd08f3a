"""The console in a page of somebody else: as the documents show it, in a real Chromium."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ion_mentoring.resources import ROOT
from tests.console.conftest import address, answered, ask
from tests.local.conftest import running_set

if TYPE_CHECKING:
    from playwright.sync_api import FrameLocator, Page

pytestmark = pytest.mark.proof

PAGES = [ROOT.parent / "docs/console.md", ROOT.parent / "docs/console.ko.md"]
EMBEDDED = re.compile(r"^```html\n(<iframe.*?</iframe>)\n```$", re.MULTILINE | re.DOTALL)
ALLOWED = re.compile(r'CONSOLE_FRAMED_BY="(\S+)"')
SHOWN = "https://mentoring.example.com"


@pytest.fixture(scope="module")
def framed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A set that may be embedded by the origin that the documents name."""
    origins = {ALLOWED.findall(page.read_text(encoding="utf-8"))[0] for page in PAGES}
    assert len(origins) == 1
    with running_set(tmp_path_factory.mktemp("framed"), CONSOLE_FRAMED_BY=origins.pop()) as running:
        yield address(running)


def embedding(context: Any, url: str, document: Path, origin: str = "") -> "tuple[Page, FrameLocator]":
    """A page of that origin, or of the one that is allowed, with what a document shows in it."""
    text = document.read_text(encoding="utf-8")
    place = origin or ALLOWED.findall(text)[0]
    html = EMBEDDED.findall(text)[0].replace(SHOWN, url)
    page: Page = context("en-US").new_page()
    page.route(f"{place}/**", lambda route: route.fulfill(content_type="text/html", body=f"<!doctype html>{html}"))
    page.goto(f"{place}/lesson")
    return page, page.frame_locator("iframe")


@pytest.mark.parametrize("document", PAGES, ids=lambda page: page.name)
def test_what_is_shown_embeds_a_korean_light_console_with_a_fixed_mentor(context: Any, framed: str, document: Path) -> None:
    page, frame = embedding(context, framed, document)
    frame.locator(".composer .choice >> text=엘로").wait_for()
    root = frame.locator("html")
    assert (root.get_attribute("lang"), root.get_attribute("data-theme")) == ("ko", "light")
    frame.locator("#text").fill("모놀리스와 마이크로서비스 중에 무엇을 고를까요?")
    frame.locator(".send").click()
    frame.locator(".answer[aria-busy=false] h2 strong >> text=엘로").wait_for()
    assert page.url.endswith("/lesson")


def test_a_page_of_nobody_who_was_allowed_shows_nothing(context: Any, framed: str) -> None:
    refused = {"predicate": lambda request: request.url.startswith(framed)}
    page, frame = embedding(context, framed, PAGES[0], origin="https://elsewhere.example.com")
    with page.expect_event("requestfailed", **refused) as failed:
        page.reload(wait_until="commit")
    assert failed.value.failure == "net::ERR_BLOCKED_BY_RESPONSE"
    assert not frame.locator("#text").count()


def test_a_question_in_the_address_waits_and_is_not_sent(context: Any, framed: str) -> None:
    page = context().new_page()
    page.goto(f"{framed}/#theme=dark&ask=How+do+I+rest+well%3F")
    page.wait_for_selector(".composer .send")
    assert page.input_value("#text") == "How do I rest well?"
    assert page.get_attribute("html", "data-theme") == "dark"
    assert not page.locator(".turn").count()


def test_a_fixed_mentor_answers_each_new_conversation_until_somebody_chooses_another(context: Any, framed: str) -> None:
    page = context("en-US").new_page()
    page.goto(f"{framed}/#mentor=elro")
    page.wait_for_selector(".composer .choice >> text=Elro")
    ask(page, "How do I rest well?")
    answered(page)
    page.click(".new")
    ask(page, "How do I sleep well?")
    answered(page)
    assert page.inner_text(".answer h2 strong") == "Elro"
    page.click(".new")
    page.click(".composer .choice")
    page.click(".options >> text=Whoever fits")
    ask(page, "I failed my exam and I feel like a fraud")
    answered(page)
    assert page.inner_text(".answer h2 strong") == "Lua"


def test_another_language_is_spoken_at_once_and_from_then_on(context: Any, framed: str) -> None:
    page = context("en-US").new_page()
    page.goto(framed)
    page.wait_for_selector(".mentors li")
    page.click(".settings-link")
    page.check(".sheet[open] [value=ko]")
    page.wait_for_selector(".sheet[open] h2 >> text=설정")
    assert page.get_attribute("html", "lang") == "ko"
    page.keyboard.press("Escape")
    page.wait_for_function("() => history.state === null")  # else the way back, which is under way, ends the reload
    page.reload()
    page.wait_for_selector(".start >> text=오늘은 무엇이 마음에 걸리나요?")
    ask(page, "오늘 하루를 어떻게 정리할까요?")
    assert answered(page)
