"""Thumbs and reasons: the router has them at once or once there is a network again, until somebody takes them back."""

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.console.conftest import PHONE, Open, answered, ask, unheard

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.proof

WITHIN_S = 10


def rated(page: "Page", url: str, expected: list[str] | None) -> None:
    """Waits until the router has the newest answer's verdict and reasons; None: has none of it."""
    until = time.monotonic() + WITHIN_S
    while (found := kept(page, url)) != expected and time.monotonic() < until:
        page.wait_for_timeout(100)
    assert found == expected


def kept(page: "Page", url: str) -> list[str] | None:
    """What the router has of the answer that was given last."""
    request = page.evaluate(
        """() => new Promise((done) => {
            const opening = indexedDB.open("ion-mentoring");
            opening.onsuccess = () => {
                const store = opening.result.transaction("conversations").objectStore("conversations");
                const newest = (kept) => kept.at(-1).turns.at(-1).answers.at(-1).facts?.request;
                store.getAll().onsuccess = ({ target }) => done(newest(target.result));
            };
        })"""
    )
    ratings: list[dict[str, Any]] = page.request.get(f"{url}/api/v2/feedback").json()["ratings"]
    return next(([one["verdict"], *one["reasons"]] for one in ratings if one["request_id"] == request), None)


def test_a_thumb_and_a_reason_are_with_the_router_until_they_are_taken_back(opened: Open, url: str) -> None:
    page = opened(url, **PHONE)
    ask(page, unheard())
    answered(page)
    page.get_by_label("Not helpful").tap()
    rated(page, url, ["down"])
    page.locator(".reasons >> text=Too vague").tap()
    page.wait_for_selector("text=Thank you.")
    rated(page, url, ["down", "vague"])
    page.get_by_label("Helpful", exact=True).tap()
    rated(page, url, ["up"])
    page.reload()
    page.wait_for_selector('[aria-label="Helpful"][aria-pressed=true]')
    page.get_by_label("Helpful", exact=True).tap()
    page.wait_for_selector("text=Taken back.")
    rated(page, url, None)
    assert page.get_by_label("Helpful", exact=True).get_attribute("aria-pressed") == "false"


def test_a_rating_without_a_network_waits_and_so_does_its_undoing(opened: Open, url: str) -> None:
    page = opened(url)
    ask(page, unheard())
    answered(page)
    page.context.set_offline(True)
    page.get_by_label("Helpful", exact=True).click()
    page.wait_for_selector("text=It is sent when there is a network again.")
    page.context.set_offline(False)
    rated(page, url, ["up"])
    page.context.set_offline(True)
    page.get_by_label("Helpful", exact=True).click()
    page.wait_for_selector("text=Taken back.")
    page.context.set_offline(False)
    rated(page, url, None)


def test_that_answers_are_generated_is_said_before_and_beside_each_conversation(opened: Open, url: str) -> None:
    for locale, said in (("en-US", "Written by AI."), ("ko-KR", "AI가 쓴 답이에요.")):
        page = opened(url, locale, **PHONE)
        assert page.locator(".notice >> visible=true").inner_text().startswith(said)
        ask(page, unheard() if locale == "en-US" else "오늘 하루를 어떻게 정리할까요?")
        answered(page)
        assert page.locator(".notice >> visible=true").inner_text().startswith(said)
        page.set_viewport_size({"width": 844, "height": 390})
        page.click(".new")
        assert page.locator(".notice >> visible=true").inner_text().startswith(said), "on its side, too"
