"""A running set and a real Chromium, in which the console is used as a mentee would."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from ion_mentoring.resources import ROOT
from tests.local.conftest import LocalSet, running_set

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
WITHIN_MS = 30_000  # on a machine that does much else at the same time
NUMBERS = count(2)
# The last: a page that a test makes up for another origin embeds the set, which listens on loopback.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-features=LocalNetworkAccessChecks"]

Open = Callable[..., "Page"]


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """The system's Chromium, driven by Playwright."""
    if not CHROMIUM:
        pytest.skip("LOUD: no chromium here, the console was not tried in a browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def context(browser: "Browser") -> "Iterator[Callable[..., BrowserContext]]":
    """Makes contexts: English on a desktop unless said otherwise. An error of a page fails the test."""
    made: list[BrowserContext] = []
    errors: list[str] = []

    def make(locale: str = "en-US", **options: Any) -> "BrowserContext":
        fresh = browser.new_context(**{"locale": locale, **DESKTOP, **options})
        fresh.set_default_timeout(WITHIN_MS)
        fresh.on("weberror", lambda error: errors.append(str(error.error)))
        made.append(fresh)
        return fresh

    yield make
    for one in made:
        one.close()
    assert not errors


@pytest.fixture
def opened(context: "Callable[..., BrowserContext]") -> Open:
    """Opens the console at an address, ready to be written in; `alone` hides what other tests have said on the server."""

    def open_page(url: str, locale: str = "en-US", *, alone: bool = True, **options: Any) -> "Page":
        page = context(locale, **options).new_page()
        if alone:
            page.context.route("**/api/v2/sessions", lambda route: route.fulfill(json={"sessions": []}))
        page.goto(url)
        page.wait_for_selector(".composer .send")
        return page

    return open_page


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The set with the embedded playbook, one for all tests."""
    with running_set(tmp_path_factory.mktemp("set")) as running:
        yield address(running)


def address(local_set: LocalSet) -> str:
    """Where a set listens."""
    return str(local_set.client.base_url).rstrip("/")


@contextmanager
def slow_model(*arguments: str) -> Iterator[dict[str, str]]:
    """A model that writes slowly, as the settings that name it."""
    slowly = arguments or ("--first-s", "0.2", "--delay-s", "0.1", "--pieces", "20")
    vendor = subprocess.Popen(
        [sys.executable, "-m", "tests.vendors.server", *slowly], cwd=ROOT.parent, stdout=subprocess.PIPE, text=True
    )
    assert vendor.stdout is not None
    try:
        yield {"MODEL": "openai:stand-in", "MODEL_URL": f"{vendor.stdout.readline().strip()}/v1"}
    finally:
        vendor.terminate()
        vendor.wait(10)
        vendor.stdout.close()


@pytest.fixture(scope="session")
def slow_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The set with a model that takes two seconds to write an answer of twenty sentences."""
    with slow_model() as settings, running_set(tmp_path_factory.mktemp("slow"), **settings) as running:
        yield address(running)


def installed(page: "Page") -> None:
    """Waits until the worker answers for the page."""
    page.wait_for_function("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.wait_for_selector(".composer .send")


def settled(page: "Page") -> None:
    """Waits until the parts that are loaded when nobody waits are there: a browser remembers that a file did not come."""
    page.wait_for_function("() => performance.getEntriesByType('resource').some(({ name }) => name.includes('/parts.'))")
    page.wait_for_load_state("networkidle")


def unheard() -> str:
    """A question that no cache knows."""
    return f"How do I prepare for a talk before {next(NUMBERS)} people?"


def ask(page: "Page", text: str) -> None:
    """Writes a question and sends it: it is there once this returns, and so is whatever has become of it."""
    page.fill("#text", text)
    page.click(".send")
    page.wait_for_function(
        """text => document.getElementById("text").value === "" &&
            [...document.querySelectorAll(".question p")].at(-1)?.textContent === text.trim()""",
        arg=text,
    )


def answered(page: "Page", place: int = -1) -> str:
    """The text of an answer, once all are whole."""
    page.wait_for_selector('.answer[aria-busy="false"]')
    page.wait_for_function("() => !document.querySelector('.answer[aria-busy=true]')")
    return str(page.locator(".answer .text").nth(place).inner_text())
