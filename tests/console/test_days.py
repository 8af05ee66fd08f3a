"""A page that stays open for days: what was today becomes yesterday, at midnight and when somebody looks again."""

import datetime

import pytest

from tests.console.conftest import Open, answered, ask

pytestmark = pytest.mark.proof

LATE = datetime.datetime(2026, 12, 30, 23, 58)  # noqa: DTZ001 - in the time of the browser
SEEN = "() => document.dispatchEvent(new Event('visibilitychange'))"
WHEN = ".entry-open small"


@pytest.mark.parametrize(
    ("locale", "told"),
    [("en-US", ["11:58 PM", "yesterday", "Dec 30, 2026"]), ("ko-KR", ["오후 11:58", "어제", "2026년 12월 30일"])],
)
def test_the_list_rolls_over_at_midnight_and_when_the_page_is_seen_again(
    opened: Open, url: str, locale: str, told: list[str]
) -> None:
    page = opened(url, locale)
    page.clock.install(time=LATE)
    page.reload()
    page.wait_for_selector(".composer .send")
    ask(page, "How do I rest well?")
    page.clock.run_for(1_000)
    answered(page)
    assert page.inner_text(WHEN).replace("\u202f", " ") == told[0]
    page.clock.fast_forward(30_000)
    assert page.inner_text(WHEN).replace("\u202f", " ") == told[0]
    page.clock.fast_forward(120_000)
    assert page.inner_text(WHEN) == told[1]
    page.clock.set_system_time(LATE + datetime.timedelta(days=4))  # asleep: no timer has run
    page.evaluate(SEEN)
    page.wait_for_function("told => document.querySelector('.entry-open small').textContent === told", arg=told[2])
