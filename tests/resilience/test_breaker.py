"""What fails in a row is left alone, then probed once."""

import pytest

from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.wiring.models import FAILURES, REST_S
from tests.fakes import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock(0.0)


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=3, rest_s=2, now=clock)


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.failed()


def test_trouble_is_the_last_reason_and_the_time_since_the_first_failure(breaker: Breaker, clock: Clock) -> None:
    assert breaker.trouble is None
    breaker.failed("not reached")
    clock.now += 5
    breaker.failed("took too long")
    breaker.failed()
    assert breaker.trouble == ("took too long", 5)
    breaker.succeeded()
    assert breaker.trouble is None
    breaker.failed()
    assert breaker.trouble == ("", 0), "what failed before it answered is over"


def test_two_failures_are_not_three(breaker: Breaker) -> None:
    fail(breaker, 2)
    assert breaker.allows()
    assert not breaker.open


def test_a_success_between_begins_the_count_again(breaker: Breaker) -> None:
    fail(breaker, 2)
    breaker.succeeded()
    fail(breaker, 2)
    assert breaker.allows()


def test_after_three_failures_nobody_asks_until_the_rest_is_over(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.tick(1.999)
    assert not breaker.allows()
    clock.tick(0.001)
    assert breaker.allows()


def test_one_asks_after_the_rest_and_the_others_wait_for_what_comes_of_it(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.tick(2)
    assert [breaker.allows() for _ in range(5)] == [True, False, False, False, False]
    breaker.succeeded()
    assert all(breaker.allows() for _ in range(5))


def test_a_probe_that_fails_means_another_rest(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.tick(2)
    assert breaker.allows()
    clock.tick(1)
    breaker.failed()
    clock.tick(1.999)
    assert not breaker.allows()
    clock.tick(0.001)
    assert breaker.allows()


def test_a_probe_that_never_says_how_it_went_is_followed_by_another(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.tick(2)
    assert breaker.allows()
    clock.tick(2)
    assert breaker.allows()


def test_it_is_open_until_something_succeeds_and_not_only_until_the_rest_is_over(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.tick(3_600)
    assert breaker.open
    breaker.succeeded()
    assert not breaker.open


def test_it_says_how_it_stands(breaker: Breaker, clock: Clock) -> None:
    assert (breaker.state, breaker.wait_s) == ("closed", 0)
    fail(breaker, 3)
    assert (breaker.state, breaker.wait_s) == ("open", 2)
    clock.tick(2)
    assert (breaker.state, breaker.wait_s) == ("half-open", 0)
    breaker.succeeded()
    assert breaker.state == "closed"


def test_who_is_busy_is_left_alone_as_long_as_it_asked_and_is_not_broken(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 2)
    breaker.busy(7)
    assert (breaker.state, breaker.allows(), breaker.open) == ("busy", False, False)
    clock.tick(6.999)
    assert not breaker.allows()
    clock.tick(0.001)
    assert (breaker.state, breaker.allows()) == ("closed", True)
    fail(breaker, 2)
    assert breaker.allows(), "being busy is not the third failure"


def test_nobody_is_left_alone_for_hours_whatever_it_asks_for(breaker: Breaker, clock: Clock) -> None:
    breaker.busy(86_400)
    clock.tick(300)
    assert breaker.allows()


def test_what_is_dead_costs_three_attempts_in_any_minute() -> None:
    clock = Clock(0.0)
    breaker = Breaker(failures=FAILURES, rest_s=REST_S, now=clock)
    asked: list[float] = []
    for _ in range(6_000):  # ten minutes, ten requests a second
        clock.tick(0.1)
        if breaker.allows():
            asked.append(clock.now)
            breaker.failed()
    assert len(asked) > 10, "it is still probed"
    for place, at in enumerate(asked):
        assert sum(1 for other in asked[place:] if other < at + 60) <= 3
