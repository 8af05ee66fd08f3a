"""Guests on the console, in a real Chromium: they ask a little, nothing of them is kept, and signing in goes on from there."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ion_mentoring.local.parts import free_port
from tests.console.conftest import PHONE, answered, ask, unheard
from tests.console.issuer import Issuer, issuing
from tests.console.test_access import axe, found
from tests.local.conftest import running_set

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["axe"]

pytestmark = pytest.mark.proof

LIMITS = {"per_day": 2, "network_per_day": 100, "network_per_minute": 1_000, "all_per_day": 1_000}


@pytest.fixture(scope="module")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Issuer]]:
    """A set of a tenant that lets guests in, two questions a day, and the issuer of its people."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with issuing(f"{url}/signed-in") as issuer:
        settings = issuer.settings(guests=LIMITS)
        with running_set(tmp_path_factory.mktemp("guests"), PORT=str(port), CACHE_KEY_SECRET="s" * 32, **settings):
            issuer.known_to(url)
            yield url, issuer


@pytest.fixture
def page(context: Any, open_house: tuple[str, Issuer]) -> "Page":
    """The console as a guest sees it on a phone."""
    made: Page = context(**PHONE).new_page()
    made.goto(open_house[0])
    made.wait_for_selector("text=You are asking as a guest.")
    return made


def sent(page: "Page") -> list[dict[str, Any]]:
    """What is sent to be answered from now on."""
    bodies: list[dict[str, Any]] = []
    page.on("request", lambda request: bodies.append(request.post_data_json) if "/process" in request.url else None)
    return bodies


def answers(page: "Page", many: int) -> None:
    """Waits for so many whole answers, each with its words."""
    whole = "[...document.querySelectorAll('.answer[aria-busy=false] .text')].filter(one => one.textContent)"
    page.wait_for_function(f"() => {whole}.length === {many}")


def test_a_guest_asks_and_goes_on_and_the_server_keeps_no_session(page: "Page", axe: Path) -> None:
    bodies, others = sent(page), []
    page.on("request", lambda one: others.append(one.url) if "sessions" in one.url or "feedback" in one.url else None)
    ask(page, unheard())
    answered(page)
    page.wait_for_selector("text=As a guest you can ask 1 more today.")
    page.reload()
    page.wait_for_selector(".answer .text")
    ask(page, "And what if I fail again?")
    answered(page)
    assert [sorted(body["context"]) for body in bodies] == [[], ["message_history"]]
    assert len(bodies[1]["context"]["message_history"]) == 2
    assert not page.get_by_label("Helpful").count(), "a rating would have nobody"
    assert not others
    page.locator(".head .round").first.click()
    page.click(".settings-link")
    page.wait_for_selector("text=kept in this browser alone, and not on the server")
    assert found(page, axe) == []


def test_a_guest_who_has_used_up_the_day_signs_in_and_goes_on_in_the_same_conversation(page: "Page") -> None:
    for _ in range(2):
        ask(page, unheard())
        answered(page)
    ask(page, "How do I rest well?")
    page.wait_for_selector(".trouble >> text=What guests may ask today is used up.")
    assert page.locator(".trouble .lines-small").count(), "danger does not wait for tomorrow"
    assert not page.locator("text=Send again").count()
    assert not page.locator("text=can ask 0 more").count()
    bodies = sent(page)
    page.click(".trouble .strong")
    page.fill("[name=person]", "kim")
    page.click("text=In")
    answers(page, 3)
    assert not page.locator(".trouble").count()
    assert len(bodies) == 1
    ask(page, "And tomorrow?")
    answers(page, 4)
    assert len(bodies[1]["context"]["message_history"]) == 6, "the server has none of what a guest said"


def test_a_pass_that_holds_no_more_is_replaced_behind_the_question(page: "Page") -> None:
    ask(page, unheard())
    answered(page)
    page.evaluate(
        """() => {
            const kept = JSON.parse(localStorage.getItem("ion.guest"));
            localStorage.setItem("ion.guest", JSON.stringify({ ...kept, token: kept.token.slice(0, -1) + "~" }));
        }"""
    )
    page.reload()
    page.wait_for_selector(".answer .text")
    ask(page, unheard())
    answered(page)
    assert not page.locator(".trouble").count()


def test_erasing_needs_no_server(page: "Page") -> None:
    ask(page, unheard())
    answered(page)
    page.locator(".head .round").first.click()
    page.click(".settings-link")
    page.click("text=Erase everything")
    page.wait_for_selector("text=Erase all conversations in this browser?")
    page.locator(".erase .danger").click()
    page.wait_for_selector("text=All conversations are erased.")
