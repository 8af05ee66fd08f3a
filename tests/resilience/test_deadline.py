"""One deadline a request: every wait below it ends with it, and it shrinks on its way."""

from collections.abc import Iterator

import pytest

from ion_mentoring.resilience import deadline
from ion_mentoring.resilience.deadline import Deadline
from tests.fakes import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock(0.0)


@pytest.fixture
def ten_seconds(clock: Clock) -> Iterator[Deadline]:
    current = Deadline.after(10, clock)
    token = deadline.CURRENT.set(current)
    yield current
    deadline.CURRENT.reset(token)


def test_without_a_request_a_wait_has_its_own_limit() -> None:
    assert deadline.limit_s(3) == 3


@pytest.mark.usefixtures("ten_seconds")
def test_no_wait_is_longer_than_what_is_left(clock: Clock) -> None:
    assert deadline.limit_s(3) == 3
    assert deadline.limit_s(20) == 10
    clock.tick(9)
    assert deadline.limit_s(3) == 1
    clock.tick(5)
    assert deadline.limit_s(3) == 0


@pytest.mark.usefixtures("ten_seconds")
def test_something_is_kept_for_what_comes_after_but_never_more_than_half(clock: Clock) -> None:
    assert deadline.limit_s(20, keep_s=3) == 7
    clock.tick(8)
    assert deadline.limit_s(20, keep_s=3) == 1


@pytest.mark.parametrize(
    ("header", "left_s"),
    [(None, 30), ("", 30), ("soon", 30), ("-5", 30), ("٣", 30), ("9" * 20, 30), ("99999", 30), ("1050", 1), ("3", 0.001)],
)
def test_a_callers_deadline_only_shortens_ours(header: str | None, left_s: float) -> None:
    assert deadline.received(header, 30).left_s() == pytest.approx(left_s, abs=0.06)


def test_the_header_says_whole_milliseconds_and_never_none() -> None:
    assert deadline.header_value(1.2345) == "1234"
    assert deadline.header_value(0.0) == "1"
