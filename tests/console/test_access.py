"""Everybody can use it: axe finds nothing, the keyboard is enough, and a screen reader hears an answer once."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ion_mentoring.resources import ROOT
from tests.console.conftest import DESKTOP, PHONE, Open, answered, ask, unheard

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = ROOT.parent / "console/node_modules/axe-core/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = pytest.mark.proof


def found(page: "Page", axe: Path) -> list[str]:
    """What axe finds on the page as it is."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": axe.read_text(encoding="utf-8")})
    result: Any = page.evaluate("tags => axe.run(document, { runOnly: tags })", TAGS)
    return [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary']}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


@pytest.fixture(scope="module")
def axe() -> Path:
    if not AXE.exists():
        pytest.skip("LOUD: no axe here (npm ci in console/), so nobody looked for what keeps people out")
    return AXE


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize("locale", ["ko-KR", "en-US"])
def test_axe_finds_nothing(opened: Open, url: str, axe: Path, locale: str, size: str, scheme: str) -> None:
    page = opened(url, locale, color_scheme=scheme, reduced_motion="reduce", **(PHONE if size == "phone" else DESKTOP))
    page.wait_for_selector(".mentors li")
    assert found(page, axe) == []
    ask(page, "팀장이 제 의견을 무시해요" if locale == "ko-KR" else "I failed my exam and I feel like a fraud")
    answered(page)
    page.locator(".worded").first.click()
    page.wait_for_selector(".why")
    page.get_by_label("아쉬워요" if locale == "ko-KR" else "Not helpful").click()
    assert found(page, axe) == []
    ask(page, "죽고 싶어요. 약을 모아 뒀어요" if locale == "ko-KR" else "I want to die, I have the pills here")
    answered(page)
    assert found(page, axe) == []
    page.click(".composer .choice")
    assert found(page, axe) == []
    page.keyboard.press("Escape")
    if size == "phone":
        page.locator(".head .round").first.click()
    page.locator(".entry .round").first.click()
    assert found(page, axe) == []
    page.click(".settings-link")
    page.wait_for_selector(".setting")
    assert found(page, axe) == []


def test_the_keyboard_is_enough(opened: Open, url: str) -> None:
    page = opened(url)
    page.focus(".skip")
    assert page.locator(".skip").bounding_box()["y"] >= 0, "it is seen once it has the focus"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.type("How do I rest well?")
    page.keyboard.press("Enter")
    answered(page)
    assert page.evaluate("document.activeElement.id") == "text", "the next question can be typed at once"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "choice", "the focus is where it was"


def test_an_answer_is_announced_once_and_not_token_by_token(opened: Open, slow_url: str) -> None:
    page = opened(slow_url)
    assert page.get_attribute(".turns", "aria-live") == "off"
    page.evaluate(
        """() => {
            window.heard = [];
            const status = document.querySelector(".log [role=status]");
            const hear = () => status.textContent && window.heard.push(status.textContent);
            new MutationObserver(hear).observe(status, { childList: true, characterData: true, subtree: true });
        }"""
    )
    ask(page, unheard())
    answered(page)
    page.wait_for_timeout(200)
    heard = page.evaluate("window.heard")
    assert len(heard) == 2, heard
    assert heard[0] == "A mentor is writing an answer."
    assert "One small step at a time." in heard[1]


@pytest.mark.parametrize(
    "options",
    [{"viewport": {"width": 320, "height": 400}}, {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}],
)
def test_zoom_to_200_percent_and_narrow_windows_hide_nothing(opened: Open, url: str, options: dict[str, Any]) -> None:
    page = opened(url, "ko-KR", **options)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.fill("#text", "한 줄\n두 줄\n세 줄\n네 줄\n다섯 줄\n여섯 줄")
    box = page.locator(".send").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 400


def test_forced_colours_keep_the_bars_and_the_buttons(opened: Open, url: str) -> None:
    page = opened(url, forced_colors="active")
    ask(page, "I failed my exam and I feel like a fraud")
    answered(page)
    page.locator(".worded").first.click()
    page.wait_for_selector(".why")
    assert page.evaluate("getComputedStyle(document.querySelector('.bar .part-tone')).fill") != page.evaluate(
        "getComputedStyle(document.querySelector('.bar .track')).fill"
    )
    assert page.evaluate("getComputedStyle(document.querySelector('.send')).borderTopStyle") == "solid"


def test_reduced_motion_stands_still(opened: Open, slow_url: str) -> None:
    page = opened(slow_url, reduced_motion="reduce")
    ask(page, unheard())
    page.wait_for_selector(".writing i")
    assert page.evaluate("getComputedStyle(document.querySelector('.writing i')).animationName") == "none"


def test_the_contract_is_drawn_without_anything_from_elsewhere(opened: Open, url: str) -> None:
    page = opened(url)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{url}/docs")
    page.wait_for_function("() => document.body.innerText.includes('/api/v2/process')")
    assert all(one.startswith((url, "data:")) for one in asked)
