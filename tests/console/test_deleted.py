"""A conversation that is deleted in one tab while somebody writes in it in another: what is written stays."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.console.conftest import PHONE, answered, ask

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.proof

ASKED = "How do I rest well?"
NOTE = "This conversation was deleted in another window."


@pytest.fixture
def tabs(context: "Callable[..., BrowserContext]", url: str) -> "tuple[Page, Page]":
    """Two tabs of a phone that show the same conversation."""
    phone = context(**PHONE)
    phone.route("**/api/v2/sessions", lambda route: route.fulfill(json={"sessions": []}))
    first, second = phone.new_page(), phone.new_page()
    first.goto(url)
    first.wait_for_selector(".composer .send")
    ask(first, ASKED)
    answered(first)
    second.goto(first.url)
    second.wait_for_selector(".answer .text p")
    return first, second


def delete(page: "Page") -> None:
    """Deletes the one conversation in the list."""
    page.locator(".head .round").first.click()
    page.locator(".entry .round").click()
    page.locator(".entry-menu .danger").click()
    page.locator(".entry-menu .danger").click()
    page.wait_for_selector(".entry", state="detached")


def test_a_draft_goes_on_in_a_new_conversation(tabs: "tuple[Page, Page]") -> None:
    first, second = tabs
    second.fill("#text", "And what if I can't sleep")
    delete(first)
    second.get_by_text(NOTE).wait_for()
    assert second.input_value("#text") == "And what if I can't sleep"
    assert second.locator(".start").count() == 1
    second.reload()
    second.wait_for_function("() => document.getElementById('text').value === \"And what if I can't sleep\"")
    assert not second.get_by_text(NOTE).count()
    second.click(".send")
    answered(second)
    assert second.locator(".question p").all_inner_texts() == ["And what if I can't sleep"]


def test_a_draft_that_a_new_conversation_has_already_and_what_is_edited_stay_beside_it(tabs: "tuple[Page, Page]") -> None:
    first, second = tabs
    second.locator(".head .round").last.click()
    second.fill("#text", "An older draft")
    second.go_back()
    second.wait_for_selector(".answer .text p")
    second.fill("#text", "What I write")
    second.get_by_label("Edit", exact=True).click()
    second.fill(".edit textarea", "How do I rest better?")
    delete(first)
    second.get_by_text(NOTE).wait_for()
    second.wait_for_function("() => document.getElementById('text').value.includes('An older draft')")
    assert second.input_value("#text") == "An older draft\n\nWhat I write\n\nHow do I rest better?"
    second.get_by_role("status").get_by_text("Close").click()
    assert not second.get_by_text(NOTE).count()


def test_it_follows_nobody_into_another_conversation(tabs: "tuple[Page, Page]") -> None:
    first, second = tabs
    shown = second.url
    second.locator(".head .round").last.click()
    ask(second, "How do I learn a song?")
    answered(second)
    second.fill("#text", "And the second verse")
    first.wait_for_function("() => document.querySelectorAll('.entry').length === 2")
    first.goto(second.url)
    first.reload()
    first.wait_for_selector(".answer .text p")
    first.locator(".head .round").first.click()
    first.locator(".entry", has_text="song").locator(".round").click()
    first.locator(".entry-menu .danger").click()
    first.locator(".entry-menu .danger").click()
    second.get_by_text(NOTE).wait_for()
    second.evaluate("url => { location.href = url }", shown)
    second.wait_for_selector(".question p:has-text('rest well')")
    second.wait_for_timeout(500)
    assert second.input_value("#text") == ""
    assert not second.get_by_text(NOTE).count()
    second.locator(".head .round").last.click()
    second.wait_for_function("() => document.getElementById('text').value === 'And the second verse'")


def test_who_looks_at_another_conversation_is_told_nothing(tabs: "tuple[Page, Page]") -> None:
    first, second = tabs
    second.locator(".head .round").last.click()
    second.fill("#text", "Something else")
    delete(first)
    second.wait_for_timeout(500)
    assert not second.get_by_text(NOTE).count()
    assert second.input_value("#text") == "Something else"
