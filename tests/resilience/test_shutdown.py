"""When the end of the process is known, whatever waits beyond it ends in time, and nothing else changes."""

import asyncio

import pytest

from ion_mentoring.resilience.bounded import bounded
from ion_mentoring.resilience.shutdown import GRACE_S, Shutdown

LONG_S = 60.0


async def test_nothing_is_left_of_the_platforms_ten_seconds_but_what_closing_takes() -> None:
    assert 5 <= GRACE_S <= 7


async def told_while_waiting(ending: Shutdown, seconds: float, *, times: int = 1) -> None:
    """Waits for ever in a time limit, and is told of the end of the process meanwhile."""
    async with ending.timeout(seconds):
        for _ in range(times):
            ending.begin()
            assert not ending.over, "it has its grace"
            await asyncio.sleep(0)
        await asyncio.Event().wait()


async def test_a_wait_goes_on_as_long_as_it_may_and_ends_with_the_process() -> None:
    ending = Shutdown(grace_s=0.05)
    assert not ending.over
    with pytest.raises(TimeoutError):
        await told_while_waiting(ending, LONG_S)
    assert ending.over


async def test_what_ends_by_itself_is_left_alone() -> None:
    ending = Shutdown()
    async with ending.timeout(LONG_S):
        ending.begin()
        await asyncio.sleep(0)
    assert not ending.over


async def test_a_shorter_time_stays_as_it_is() -> None:
    ending = Shutdown(grace_s=LONG_S)
    with pytest.raises(TimeoutError):
        await told_while_waiting(ending, 0.01)
    assert not ending.over


async def test_what_begins_afterwards_has_what_is_left() -> None:
    ending = Shutdown(grace_s=0.01)
    ending.begin()
    with pytest.raises(TimeoutError):
        async with ending.timeout(LONG_S):
            await asyncio.Event().wait()
    with pytest.raises(TimeoutError):
        async with ending.timeout(LONG_S):
            await asyncio.Event().wait()


async def test_being_told_twice_gives_no_more_time() -> None:
    ending = Shutdown(grace_s=0.05)
    with pytest.raises(TimeoutError):
        await told_while_waiting(ending, LONG_S, times=3)
    ended_at = ending._ends_at
    ending.begin()
    assert ending._ends_at == ended_at


async def test_a_wait_that_is_just_running_out_does_not_hinder_the_others() -> None:
    ending = Shutdown(grace_s=0.01)

    async def wait(seconds: float) -> None:
        async with ending.timeout(seconds):
            try:
                await asyncio.Event().wait()
            finally:
                ending.begin()

    ended = await asyncio.gather(wait(0.001), wait(LONG_S), return_exceptions=True)
    assert [type(one) for one in ended] == [TimeoutError, TimeoutError]


async def test_work_is_bounded_by_it() -> None:
    ending = Shutdown(grace_s=0.01)
    ended: list[bool] = []

    async def work() -> None:
        try:
            await asyncio.sleep(0)
            ending.begin()
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    with pytest.raises(TimeoutError):
        await bounded(work(), LONG_S, ending.timeout)
    assert ended == [True]
    with pytest.raises(TimeoutError):
        await bounded(asyncio.Event().wait(), LONG_S, ending.timeout)
