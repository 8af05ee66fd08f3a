"""What fails in a row is left alone, then probed once."""

import pytest

from ion_mentoring.caching.breaker import Breaker
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
