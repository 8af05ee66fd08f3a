"""Text of twice the size leaves room for all, in small windows and on a phone on its side, and no word is torn."""

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from tests.console.conftest import Open, answered, ask

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.proof

BROKEN = """() => {
    const broken = [];
    const walker = document.createTreeWalker(document.querySelector(".room"), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const style = getComputedStyle(node.parentElement);
        const seen = node.parentElement.checkVisibility() && !node.parentElement.closest(".unseen");
        if (style.textOverflow === "ellipsis" || !seen) continue;
        for (const word of node.textContent.matchAll(/[\\p{L}\\p{N}]+[.,!?]*/gu)) {
            const range = document.createRange();
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map((one) => Math.round(one.top))).size < 2) continue;
            let box = node.parentElement;
            while (getComputedStyle(box).display.startsWith("inline")) box = box.parentElement;
            const alone = node.parentElement.appendChild(document.createElement("span"));
            alone.textContent = word[0];
            alone.style.cssText = "position:absolute;white-space:nowrap";
            if (alone.offsetWidth <= box.clientWidth) broken.push(word[0]);
            alone.remove();
        }
    }
    return broken;
}"""
SIDEWAYS: list[dict[str, Any]] = [  # a phone on its side, at 200 %: by zoom, and by the size of its text
    {"viewport": {"width": 320, "height": 180}, "device_scale_factor": 2},
    {"viewport": {"width": 406, "height": 187}, "device_scale_factor": 2},
    {"viewport": {"width": 640, "height": 360}},
    {"viewport": {"width": 812, "height": 375}},
]
LARGE = "addEventListener('DOMContentLoaded', () => (document.documentElement.style.fontSize = '32px'))"


def place(page: "Page", selector: str) -> dict[str, float]:
    """Where the first of these is."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return dict(box)


@pytest.mark.parametrize("locale", ["ko-KR", "en-US"])
@pytest.mark.parametrize("options", SIDEWAYS, ids=lambda one: str(one["viewport"]["width"]))
def test_text_of_twice_the_size_on_a_phone_on_its_side_leaves_room_for_all(
    context: "Callable[..., BrowserContext]", url: str, options: dict[str, Any], locale: str
) -> None:
    phone = context(locale, is_mobile=True, has_touch=True, **options)
    if "device_scale_factor" not in options:
        phone.add_init_script(LARGE)
    page = phone.new_page()
    page.goto(url)
    page.wait_for_selector(".mentor strong")
    assert page.evaluate(BROKEN) == []
    ask(page, "내일 발표가 있는데 떨려요. 어떻게 준비하죠?" if locale == "ko-KR" else "How do I prepare for a talk tomorrow?")
    answered(page)
    assert page.evaluate(BROKEN) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    height = options["viewport"]["height"]
    for text, least in (("", 0.5), ("한 줄\n두 줄\n세 줄\n네 줄\n다섯 줄\n여섯 줄", 0.3)):
        page.fill("#text", text)
        log, send, menu = (place(page, one) for one in (".log", ".send", ".head button"))
        assert log["height"] >= least * height
        assert log["y"] + log["height"] <= send["y"], "nothing lies over what was said"
        assert menu["x"] + menu["width"] <= log["x"] or menu["y"] + menu["height"] <= log["y"]
        assert send["y"] + send["height"] <= height
    assert page.evaluate("document.getElementById('text').clientHeight") > 2 * page.evaluate(
        "parseFloat(getComputedStyle(document.getElementById('text')).lineHeight)"
    ), "two lines of what is written are seen"


SEEN = """selector => {
    const box = document.querySelector(selector).getBoundingClientRect();
    return [box.top, box.bottom, document.querySelector(".log").getBoundingClientRect().bottom];
}"""


@pytest.mark.parametrize(
    ("locale", "ordinary", "danger"),
    [
        ("ko-KR", "내일 발표가 있는데 떨려요. 어떻게 준비하죠?", "요즘 너무 힘들어서 그냥 죽고 싶다는 생각이 자꾸 들어요"),
        ("en-US", "How do I prepare for a talk tomorrow?", "I don't want to live anymore, nobody would miss me"),
    ],
)
@pytest.mark.parametrize("options", SIDEWAYS[2:], ids=lambda one: str(one["viewport"]["width"]))
def test_an_answer_begins_in_view_where_its_question_takes_all_of_the_window(
    context: "Callable[..., BrowserContext]", url: str, options: dict[str, Any], locale: str, ordinary: str, danger: str
) -> None:
    phone = context(locale, is_mobile=True, has_touch=True, **options)
    phone.add_init_script(LARGE)
    page = phone.new_page()
    page.goto(url)
    page.wait_for_selector(".mentor strong")
    for text, first in ((ordinary, ".answer .text > *"), (danger, ".answer.safe .call")):
        page.locator(".head .round").last.click()
        ask(page, text)
        answered(page)
        page.wait_for_timeout(600)
        line = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.answer .text > *')).lineHeight)")
        top, bottom, end = page.evaluate(SEEN, first)
        assert top >= 0
        assert (bottom if "call" in first else top + line) <= end + 1, "its first line, or the first number, is seen"
    assert page.locator(".choice span").last.inner_text() in {"알맞은 멘토", "Whoever fits"}
    assert place(page, ".choice span:not(.face)")["width"] > 40
    notice = place(page, ".composer .notice")
    assert notice["y"] + notice["height"] <= options["viewport"]["height"]


@pytest.mark.parametrize("options", SIDEWAYS[2:], ids=lambda one: str(one["viewport"]["width"]))
def test_the_list_and_the_sheet_of_mentors_cover_nothing_of_themselves(
    context: "Callable[..., BrowserContext]", url: str, options: dict[str, Any]
) -> None:
    phone = context("ko-KR", is_mobile=True, has_touch=True, **options)
    phone.add_init_script(LARGE)
    page = phone.new_page()
    page.goto(url)
    page.wait_for_selector(".mentor strong")
    for text in ("내일 발표가 있는데 떨려요. 어떻게 준비하죠?", "회의가 너무 많아요"):
        page.locator(".head .round").last.click()
        ask(page, text)
        answered(page)
    page.locator(".head .round").first.click()
    page.wait_for_selector(".sidebar.open .settings-link")
    page.wait_for_timeout(400)
    boxes = [page.locator(one).first.bounding_box() for one in (".search", ".list", ".settings-link")]
    edges = [(box["y"], box["y"] + box["height"]) for box in boxes if box]
    assert all(one[1] <= other[0] + 1 for one, other in pairwise(edges)), "they stand one below the other"
    page.locator(".settings-link").scroll_into_view_if_needed()
    assert page.locator(".settings-link").is_visible()
    page.keyboard.press("Escape")
    page.click(".choice")
    done = page.get_by_role("button", name="완료")
    done.wait_for()
    for _ in range(2):
        box = done.bounding_box()
        assert box is not None
        assert 0 <= box["y"] <= box["y"] + box["height"] <= options["viewport"]["height"]
        page.locator(".options li").last.scroll_into_view_if_needed()


@pytest.mark.parametrize(("locale", "name"), [("ko-KR", "알맞은"), ("en-US", "Whoever")])
def test_upright_too_names_stay_whole(context: "Callable[..., BrowserContext]", url: str, locale: str, name: str) -> None:
    phone = context(locale, is_mobile=True, has_touch=True, viewport={"width": 390, "height": 844})
    phone.add_init_script(LARGE)
    page = phone.new_page()
    page.goto(url)
    page.wait_for_selector(".mentor strong")
    ask(page, "How do I decide between a monolith and microservices?")
    answered(page)
    assert page.evaluate(BROKEN) == []
    choice = page.locator(".choice span").last
    assert choice.inner_text().startswith(name)
    assert choice.evaluate("node => node.scrollWidth <= node.clientWidth && node.clientWidth > 60"), "none of it is cut off"
    page.locator(".head .round").first.click()
    page.wait_for_selector(".sidebar.open .new")
    assert page.locator(".new").evaluate("node => node.scrollWidth <= node.clientWidth")


LINES = """(node, word) => {
    const range = document.createRange();
    const at = node.textContent.indexOf(word);
    range.setStart(node.firstChild, at);
    range.setEnd(node.firstChild, at + word.length);
    return new Set([...range.getClientRects()].map((one) => Math.round(one.top))).size;
}"""


@pytest.mark.parametrize(
    ("locale", "any_", "mentors"), [("ko-KR", "알맞은", ("엘로", "나나")), ("en-US", "Whoever", ("Elro", "Nana"))]
)
def test_upright_too_two_mentors_are_named_and_the_composer_has_no_empty_band(
    context: "Callable[..., BrowserContext]", url: str, locale: str, any_: str, mentors: tuple[str, str]
) -> None:
    phone = context(locale, is_mobile=True, has_touch=True, viewport={"width": 390, "height": 844})
    phone.add_init_script(LARGE)
    page = phone.new_page()
    page.goto(url)
    page.wait_for_selector(".mentor strong")
    choice = page.locator(".choice span:not(.face)")
    assert choice.evaluate(LINES, any_) == 1
    page.click(".choice")
    for one in mentors:
        page.click(f".options >> text={one}")
    for one in (".sheet header .strong", ".options button"):
        box = place(page, one)
        assert box["x"] + box["width"] <= 390 - 16, "as much room as on the other side"
    page.locator(".sheet header .strong").click()
    page.fill("#text", "My parents will be so disappointed")
    assert [choice.evaluate(LINES, one) for one in mentors] == [1, 1]
    assert choice.evaluate("node => node.scrollWidth <= node.clientWidth")
    assert place(page, ".composer .row")["height"] < 100
    assert place(page, ".composer .box")["height"] < 300
    ask(page, "I failed my exam and I feel like a fraud, and I do not know what to do now")
    assert page.locator(".head .title").evaluate("node => getComputedStyle(node).webkitLineClamp") == "2", "cut with dots"


def test_upright_or_not_the_way_to_the_newest_and_the_keyboard_leave_all_buttons_free(
    context: "Callable[..., BrowserContext]", url: str
) -> None:
    phone = context("en-US", is_mobile=True, has_touch=True, viewport={"width": 812, "height": 200})
    phone.add_init_script(LARGE)
    page = phone.new_page()
    page.goto(url)
    page.wait_for_selector(".mentor strong")
    ask(page, "How do I prepare for a talk tomorrow?")
    answered(page)
    page.fill("#text", "one\ntwo\nthree")
    assert not page.locator(".newest").is_visible(), "it would lie upon the button for a new conversation"
    two = "parseFloat(getComputedStyle(document.getElementById('text')).lineHeight) * 2"
    assert page.evaluate(f"document.getElementById('text').clientHeight >= {two}")


def test_on_its_side_names_have_the_room_that_there_is(opened: Open, url: str) -> None:
    page = opened(url, "ko-KR", is_mobile=True, has_touch=True, viewport={"width": 812, "height": 375})
    page.click(".choice")
    for one in ("엘로", "리리"):
        page.click(f".options >> text={one}")
    page.locator(".sheet header .strong").click()
    assert page.locator(".choice span:not(.face)").evaluate("node => node.scrollWidth <= node.clientWidth")


def test_a_long_address_still_breaks(opened: Open, url: str) -> None:
    page = opened(url, viewport={"width": 320, "height": 600})
    ask(page, "What is https://example.com/" + "a" * 200)
    answered(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(
        "(() => { const p = document.querySelector('.question p'); return p.scrollWidth <= p.clientWidth; })()"
    )


def test_how_much_is_too_long_is_told_over_nothing_else(opened: Open, url: str) -> None:
    page = opened(url, "ko-KR", viewport={"width": 195, "height": 422}, device_scale_factor=2)
    page.fill("#text", "가나다 " * 1_400)
    page.get_by_text("넘었어요").wait_for()
    told, choice = place(page, "#length"), place(page, ".choice")
    assert told["y"] + told["height"] <= choice["y"]
