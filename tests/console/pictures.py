"""Pictures of the console in ten states, light and dark, on a phone and on a desktop; and the one that README opens with.

`make screenshots` writes them to build/screenshots. They are made to be looked at.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from ion_mentoring.resources import ROOT
from tests.console.conftest import CHROMIUM, DESKTOP, PHONE, address, answered, ask
from tests.local.conftest import running_set

if TYPE_CHECKING:
    from playwright.sync_api import Page

INTO = ROOT.parent / "build/screenshots"
README = ROOT.parent / "docs/page.png"
TEXTS = {
    "ko-KR": ("팀장이 회의에서 제 의견을 계속 무시해요. 너무 답답해요", "죽고 싶어요. 약을 모아 뒀어요"),
    "en-US": ("I failed my exam and I feel like a fraud", "I want to die, I have the pills here"),
}
SIZES: dict[str, dict[str, Any]] = {"phone": PHONE, "desktop": DESKTOP}


def states(page: "Page", locale: str, phone: bool, shot: Callable[[str], None]) -> None:
    """Goes through the states of a conversation."""
    question, danger = TEXTS[locale]
    page.wait_for_selector(".mentors li")
    shot("1-start")
    page.fill("#text", "가" * 3_950)
    shot("2-long")
    ask(page, question)
    answered(page)
    page.wait_for_timeout(500)
    shot("3-answer")
    page.locator(".worded").first.click()
    page.locator(".why").scroll_into_view_if_needed()
    shot("4-why")
    page.click(".composer .choice")
    shot("5-mentors")
    page.keyboard.press("Escape")
    page.context.set_offline(True)
    ask(page, question)
    page.wait_for_selector(".trouble")
    page.wait_for_timeout(500)
    shot("6-offline")
    page.context.set_offline(False)
    answered(page)
    ask(page, danger)
    answered(page)
    page.wait_for_timeout(500)
    shot("7-danger")
    limited = {
        "error": {"code": "RATE_LIMITED", "message": "", "field": None, "details": {"policy": "minute"}},
        "request_id": "r-9",
    }
    page.route("**/api/v2/process", lambda route: route.fulfill(status=429, json=limited, headers={"retry-after": "40"}))
    ask(page, question)
    page.wait_for_selector(".trouble")
    page.wait_for_timeout(500)
    shot("8-limit")
    if phone:
        page.locator(".head .round").first.click()
    page.locator(".entry .round").first.click()
    page.wait_for_timeout(300)
    shot("9-conversations")
    page.click(".settings-link")
    page.wait_for_selector(".setting")
    shot("10-settings")


def main() -> None:
    """Takes all pictures."""
    INTO.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, running_set(Path(folder)) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for locale, scheme in (("ko-KR", "light"), ("en-US", "light"), ("ko-KR", "dark"), ("en-US", "dark")):
            for size, options in SIZES.items():
                page = browser.new_context(locale=locale, color_scheme=scheme, **options).new_page()
                page.goto(address(running))
                name = f"{locale[:2]}-{scheme}-{size}"
                states(page, locale, size == "phone", lambda state, page=page, name=name: take(page, f"{name}-{state}"))
                page.context.close()
        opening(browser.new_context(locale="ko-KR", viewport={"width": 1100, "height": 860}).new_page(), address(running))
        browser.close()
    print(f"{len(list(INTO.glob('*.png')))} pictures in {INTO}")


def take(page: "Page", name: str) -> None:
    """One picture."""
    page.screenshot(path=INTO / f"{name}.png")


def opening(page: "Page", url: str) -> None:
    """The picture of README: a question, its answer, and why this mentor; without what the other pictures have asked."""
    page.route("**/api/v2/sessions", lambda route: route.fulfill(json={"sessions": []}))
    page.goto(url)
    page.wait_for_selector(".mentors li")
    ask(page, TEXTS["ko-KR"][0])
    answered(page)
    page.locator(".worded").first.click()
    page.wait_for_selector(".why")
    page.locator(".log").evaluate("log => log.scrollTo(0, 0)")
    page.set_viewport_size({"width": 1100, "height": 1_060})
    page.mouse.move(0, 0)
    page.wait_for_timeout(400)
    page.screenshot(path=README)


if __name__ == "__main__":
    main()
