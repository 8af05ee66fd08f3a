"""The operators' page: figures that move, what is well and what is not, and a reset that asks twice."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.console.conftest import Open
from tests.console.test_access import axe, found

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["axe"]

pytestmark = pytest.mark.proof


@pytest.fixture
def page(opened: Open, url: str) -> "Page":
    page = opened(url)
    page.goto(f"{url}/operate")
    page.wait_for_selector(".plots figure")
    return page


def test_figures_move_and_say_what_is_well(page: "Page", url: str) -> None:
    before = page.evaluate("document.querySelector('polyline').getAttribute('points').split(' ').length")
    page.request.post(f"{url}/api/v2/process", data={"user_input": "How do I sleep well before an exam?"})
    page.wait_for_function(f"() => document.querySelector('polyline').getAttribute('points').split(' ').length > {before}")
    assert page.locator(".states .well").count() >= 2


def test_a_reset_asks_twice(page: "Page") -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if "invalidate" in request.url else None)
    page.fill("#pattern", "lua:*")
    page.click(".drop button")
    assert not sent
    page.click(".drop .danger")
    page.wait_for_function("() => document.querySelector('.drop [role=status]').textContent !== ''")
    assert len(sent) == 1


def test_who_may_not_see_them_is_told(page: "Page") -> None:
    page.route("**/api/v2/status", lambda route: route.fulfill(status=403, json={"error": {"message": "no"}}))
    page.wait_for_selector("[role=alert]")
    assert "for operators" in page.inner_text("[role=alert]")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_it(opened: Open, url: str, axe: Path, scheme: str) -> None:
    page = opened(url, "ko-KR", color_scheme=scheme)
    page.goto(f"{url}/operate")
    page.wait_for_selector(".plots figure")
    assert found(page, axe) == []
