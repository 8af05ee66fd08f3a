"""The limit of one instance: a window of one minute for each caller, and bounded memory for all of them."""

import pytest

from ion_mentoring.access.limits import WINDOW_S, RateLimitStatus
from ion_mentoring.access.limits_local import LocalRateLimit
from tests.fakes import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def test_a_caller_has_its_limit_in_a_window_and_is_told_what_is_left(clock: Clock) -> None:
    limit = LocalRateLimit(3, clock)
    assert [(await limit.take("a")).remaining for _ in range(3)] == [2, 1, 0]
    assert await limit.take("a") == RateLimitStatus(allowed=False, limit=3, remaining=0, reset_s=WINDOW_S)


async def test_callers_do_not_use_up_each_others_limit(clock: Clock) -> None:
    limit = LocalRateLimit(1, clock)
    assert [(await limit.take(caller)).allowed for caller in ("a", "b", "a")] == [True, True, False]


async def test_the_window_begins_with_the_first_request_and_ends_a_minute_later(clock: Clock) -> None:
    limit = LocalRateLimit(1, clock)
    await limit.take("a")
    clock.tick(WINDOW_S - 0.5)
    assert await limit.take("a") == RateLimitStatus(allowed=False, limit=1, remaining=0, reset_s=1)
    clock.tick(0.5)
    assert await limit.take("a") == RateLimitStatus(allowed=True, limit=1, remaining=0, reset_s=WINDOW_S)


async def test_a_refused_request_costs_nothing(clock: Clock) -> None:
    limit = LocalRateLimit(10, clock)
    assert (await limit.take("a", 8)).remaining == 2
    assert await limit.take("a", 3) == RateLimitStatus(allowed=False, limit=10, remaining=2, reset_s=WINDOW_S)
    assert (await limit.take("a", 2)).allowed
    assert not (await limit.take("b", 11)).allowed


async def test_a_clock_that_is_set_back_locks_nobody_out(clock: Clock) -> None:
    limit = LocalRateLimit(1, clock)
    await limit.take("a")
    clock.tick(-3_600)
    assert await limit.take("a") == RateLimitStatus(allowed=True, limit=1, remaining=0, reset_s=WINDOW_S)


async def test_of_too_many_callers_the_one_who_asked_longest_ago_is_forgotten(clock: Clock) -> None:
    limit = LocalRateLimit(1, clock, max_callers=2)
    for caller in ("busy", "quiet", "busy", "new"):
        await limit.take(caller)
    assert not (await limit.take("busy")).allowed
    assert (await limit.take("quiet")).allowed
    assert len(limit._windows) == 2


async def test_a_look_costs_nothing_and_a_caller_may_have_a_limit_of_its_own() -> None:
    limit = LocalRateLimit(2, Clock(), window_s=3_600)
    assert await limit.take("a", 0) == RateLimitStatus(allowed=True, limit=2, remaining=2, reset_s=3_600)
    assert (await limit.take("a", 5, limit=7)).remaining == 2
    assert await limit.take("a", 1) == RateLimitStatus(allowed=False, limit=2, remaining=0, reset_s=3_600)
    assert (await limit.take("a", 0, limit=7)).remaining == 2
