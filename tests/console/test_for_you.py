"""For you: who fits, with reasons that add up; the switches, after which nothing is known; and what was learnt, forgotten."""

import re

import pytest

from tests.console.conftest import Open, answered, ask

pytestmark = pytest.mark.proof


def test_it_is_shown_why_somebody_fits_and_can_be_switched_off_and_forgotten(opened: Open, url: str) -> None:
    page = opened(url)
    ask(page, "I am so nervous about my talk tomorrow")
    answered(page)
    with page.expect_response("**/api/v2/feedback"):
        page.locator(".acts button[aria-pressed]").first.click()
    page.click(".settings-link")
    you = page.locator(".you")
    you.get_by_text(re.compile(r"Learnt from your ratings, \d+ so far")).wait_for()  # other journeys may have rated, too
    assert you.locator("ol > li").count() == 4
    assert not re.search(r"\d\.\d", you.inner_text()), "no figure that nobody asked for"
    assert all("Fits such texts" in one for one in you.locator("ol > li").all_inner_texts())
    row = you.locator("summary").bounding_box()
    assert row is not None
    assert row["height"] >= 44
    you.locator("summary").click()
    for fits in you.locator("details > div").all():
        score = float(re.findall(r"\d\.\d\d", fits.inner_text())[0])
        parts = [float(text.replace("−", "-").replace("+", "")) for text in fits.locator(".figure").all_inner_texts()]
        assert parts
        assert abs(sum(parts) - score) <= 0.01 * len(parts) + 0.01
    you.get_by_text("Forget what was learnt").click()
    you.get_by_text("This can't be undone").wait_for()
    you.get_by_text("Cancel").click()
    assert you.locator("ol > li").count() == 4, "it asks before"
    you.get_by_text("Forget what was learnt").click()
    you.get_by_role("alertdialog").get_by_text("Forget what was learnt").click()
    you.get_by_text("It is forgotten").wait_for()
    you.get_by_text("You have not rated an answer yet").wait_for()
    you.get_by_role("group", name="Learn from my ratings").get_by_label("Off").click()
    you.get_by_text("Nothing is learnt of you").wait_for()
    assert you.locator("ol").count() == 0
    you.get_by_role("group", name="Learn from my ratings").get_by_label("On").click()
    you.get_by_role("group", name="Take part in comparisons").get_by_label("Off").click()
    you.get_by_text("Your choice is kept").wait_for()
    page.reload()
    page.click(".settings-link")
    off = page.locator(".you").get_by_role("group", name="Take part in comparisons").get_by_label("Off")
    off.wait_for()
    assert off.is_checked()


def test_it_is_said_in_korean_and_follows_the_language(opened: Open, url: str) -> None:
    page = opened(url, locale="ko-KR")
    page.click(".settings-link")
    page.locator(".you").get_by_text("내 평가에서 배우기").wait_for()
    page.locator(".you").get_by_text("가끔 다른 방법으로 답하고").wait_for()
    page.get_by_label("English").click()
    page.locator(".you").get_by_text("Learn from my ratings").wait_for()


def test_without_a_server_it_says_that_it_cannot_be_shown(opened: Open, url: str) -> None:
    page = opened(url)
    page.route("**/recommendations", lambda route: route.abort())
    page.click(".settings-link")
    page.locator(".you").get_by_text("can't be shown just now").wait_for()
