"""Erasing everything: what it is, and what stays, is said before; without a network it is done later."""

from typing import TYPE_CHECKING

import pytest

from tests.console.conftest import PHONE, Open, answered, ask, unheard

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.proof


def rated(page: "Page") -> None:
    """Asks, and rates the answer."""
    ask(page, unheard())
    answered(page)
    with page.expect_response("**/api/v2/feedback"):
        page.get_by_label("Helpful", exact=True).last.click()


def test_conversations_and_what_was_learnt_are_erased_together(opened: Open, url: str) -> None:
    page = opened(url, alone=False)
    rated(page)
    page.click(".settings-link")
    page.locator(".you").get_by_text("Learnt from your ratings").wait_for()
    page.click("text=Erase everything")
    dialog = page.get_by_role("alertdialog")
    assert all(one.is_checked() for one in dialog.get_by_role("checkbox").all())
    assert "Neither conversations nor what was learnt" in dialog.inner_text()
    assert "365 days" in dialog.inner_text(), "what stays all the same is said before"
    dialog.get_by_text("Cancel").click()
    assert page.locator(".entry").count() >= 1
    page.click("text=Erase everything")
    page.get_by_role("alertdialog").get_by_role("button", name="Erase").click()
    page.get_by_text("All conversations are erased. What was learnt is forgotten.").wait_for()
    page.locator(".you").get_by_text("You have not rated an answer yet").wait_for()
    page.reload()
    page.wait_for_timeout(1_500)
    assert not page.locator(".entry").count(), "nor is one left on the server"


@pytest.mark.parametrize("size", ["16px", "32px"])
def test_the_button_that_erases_comes_into_view_and_has_the_focus(opened: Open, url: str, size: str) -> None:
    page = opened(url, "ko-KR", **PHONE)
    page.evaluate("size => (document.documentElement.style.fontSize = size)", size)
    page.locator(".head .round").first.click()
    page.click(".settings-link")
    page.get_by_role("button", name="모두 지우기").click()
    erase = page.get_by_role("alertdialog").get_by_role("button", name="지우기")
    erase.wait_for()
    assert erase.evaluate("node => document.activeElement === node")
    box = erase.bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= box["y"] + box["height"] <= PHONE["viewport"]["height"]


def test_one_of_both_can_stay_and_that_is_said(opened: Open, url: str) -> None:
    page = opened(url)
    rated(page)
    page.click(".settings-link")
    page.click("text=Erase everything")
    dialog = page.get_by_role("alertdialog")
    dialog.get_by_label("All conversations").uncheck()
    assert "The conversations stay." in dialog.inner_text()
    dialog.get_by_label("What was learnt").uncheck()
    assert dialog.get_by_role("button", name="Erase").is_disabled()
    dialog.get_by_label("All conversations").check()
    assert "What was learnt from your ratings stays." in dialog.inner_text()
    dialog.get_by_role("button", name="Erase").click()
    page.get_by_text("All conversations are erased.").wait_for()
    page.locator(".you").get_by_text("Learnt from your ratings").wait_for()


def test_without_a_network_it_is_erased_here_at_once_and_on_the_server_later(opened: Open, url: str) -> None:
    other = opened(url, alone=False)
    ask(other, "How do I ask for a lamp at my desk?")
    answered(other)
    page = opened(url, alone=False, **PHONE)
    rated(page)
    page.locator(".head .round").first.click()
    page.click(".settings-link")
    page.locator(".you").get_by_text("Learnt from your ratings").wait_for()
    page.context.set_offline(True)
    page.click("text=Erase everything")
    page.get_by_role("alertdialog").get_by_role("button", name="Erase").click()
    page.get_by_text("could not be erased on the server yet").wait_for()
    page.get_by_text("What was learnt is forgotten once there is a connection.").wait_for()
    page.context.set_offline(False)
    page.wait_for_timeout(3_000)
    page.reload()
    page.wait_for_timeout(1_500)
    assert not page.locator(".entry").count(), "what only the server had is erased, too"
    fresh = opened(url, alone=False)
    fresh.wait_for_timeout(1_000)
    assert not fresh.locator(".entry").count()
    fresh.click(".settings-link")
    fresh.locator(".you").get_by_text("You have not rated an answer yet").wait_for()


def test_the_way_back_passes_by_what_was_erased(opened: Open, url: str) -> None:
    page = opened(f"{url}/docs".removesuffix("/docs"))
    for _ in range(3):
        ask(page, unheard())
        answered(page)
        page.click(".new")
    page.click(".settings-link")
    page.click("text=Erase everything")
    page.get_by_role("alertdialog").get_by_role("button", name="Erase").click()
    page.get_by_text("All conversations are erased.").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_timeout(500)
    page.go_back()
    page.wait_for_timeout(1_000)
    assert "#c=" not in page.url or not page.evaluate("history.state"), "no blank page for each of them"
    assert page.locator(".start").count() == 1
    ask(page, unheard())
    assert answered(page)
