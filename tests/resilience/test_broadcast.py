"""One run, many followers: each gets everything, nobody gets ahead for nothing, the last one out ends it."""

import asyncio
from collections.abc import AsyncGenerator

from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.resilience.broadcast import Broadcast
from tests.fakes import until


class Source:
    """Numbers, made only when somebody pulls; knows how far it came and whether it was closed."""

    def __init__(self, count: int, failure: Exception | None = None) -> None:
        self.count = count
        self.failure = failure
        self.made = 0
        self.closed = False

    async def parts(self) -> AsyncGenerator[int]:
        try:
            while self.made < self.count:
                await asyncio.sleep(0)
                self.made += 1
                yield self.made
            if self.failure:
                raise self.failure
        finally:
            self.closed = True


async def everything(broadcast: Broadcast[int]) -> list[int]:
    return [part async for part in broadcast.follow()]


async def settled() -> None:
    for _ in range(300):
        await asyncio.sleep(0)


@given(st.integers(0, 200), st.lists(st.integers(0, 200), min_size=1, max_size=5))
async def test_everybody_gets_all_parts_whenever_they_come(count: int, arrivals: list[int]) -> None:
    source = Source(count)
    broadcast = Broadcast(source.parts(), lead=8)

    async def after(ticks: int) -> list[int]:
        for _ in range(ticks):
            await asyncio.sleep(0)
        return await everything(broadcast)

    first = asyncio.create_task(after(0))
    others = [asyncio.create_task(after(min(arrival, 5))) for arrival in arrivals]
    for got in await asyncio.gather(first, *others):
        assert got == list(range(1, count + 1))


async def test_a_failure_comes_after_the_parts_and_reaches_everybody() -> None:
    broadcast = Broadcast(Source(3, LookupError("broke")).parts())
    for _ in range(2):
        assert await until(LookupError, broadcast.follow()) == [1, 2, 3]


async def test_nothing_is_fetched_that_nobody_reads() -> None:
    source = Source(1_000)
    broadcast = Broadcast(source.parts(), lead=10)
    follower = broadcast.follow()
    await anext(follower)
    await settled()
    assert source.made <= 12
    for _ in range(50):
        await anext(follower)
    await settled()
    assert source.made <= 62
    await follower.aclose()


async def test_a_slow_follower_does_not_hold_up_a_quick_one() -> None:
    source = Source(500)
    broadcast = Broadcast(source.parts(), lead=10)
    slow = broadcast.follow()
    await anext(slow)
    assert len(await everything(broadcast)) == 500
    assert [part async for part in slow] == list(range(2, 501))


async def test_the_last_who_leaves_ends_the_run_and_waits_for_its_end() -> None:
    source = Source(1_000)
    broadcast = Broadcast(source.parts())
    one, other = broadcast.follow(), broadcast.follow()
    await anext(one)
    await anext(other)
    await one.aclose()
    assert not broadcast.task.done()
    await other.aclose()
    assert source.closed
    assert broadcast.task.cancelled()


async def test_a_failure_after_everybody_has_left_is_not_reported_as_lost() -> None:
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))

    async def parts() -> AsyncGenerator[int]:
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            raise LookupError("while ending")

    broadcast = Broadcast(parts())
    follower = broadcast.follow()
    assert await anext(follower) == 1
    await asyncio.sleep(0)
    await follower.aclose()
    del broadcast, follower
    await asyncio.sleep(0)
    assert reported == []
