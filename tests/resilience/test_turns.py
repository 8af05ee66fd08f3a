"""So many at once, so many waiting, and the rest is sent away at once."""

import asyncio

import pytest

from ion_mentoring.errors import Overloaded
from ion_mentoring.resilience.turns import Turns


async def test_at_most_so_many_work_and_the_others_come_after_them() -> None:
    turns = Turns(2, 3)
    working = most = done = 0

    async def work() -> None:
        nonlocal working, most, done
        async with turns.turn():
            working += 1
            most = max(most, working)
            await asyncio.sleep(0)
            working -= 1
            done += 1

    await asyncio.gather(*(work() for _ in range(5)))
    assert (most, done) == (2, 5)


async def test_who_finds_the_queue_full_is_sent_away_with_a_time() -> None:
    turns = Turns(1, 1)
    async with turns.turn():
        waiting = asyncio.create_task(turns.turn().__aenter__())
        await asyncio.sleep(0)
        with pytest.raises(Overloaded) as refused:
            await turns.turn().__aenter__()
        assert refused.value.retry_after_s == 2
        assert refused.value.status == 503
    await waiting


async def test_a_turn_is_free_again_after_an_error_and_after_giving_up() -> None:
    turns = Turns(1, 1)
    with pytest.raises(ZeroDivisionError):
        async with turns.turn():
            raise ZeroDivisionError
    async with turns.turn():
        waiting = asyncio.create_task(turns.turn().__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        again = asyncio.create_task(turns.turn().__aenter__())
        await asyncio.sleep(0)
        assert not again.done()
    await asyncio.wait_for(again, 1)
