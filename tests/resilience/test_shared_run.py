"""One run, many who join it: each gets everything, and the last one out ends it."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.resilience.one_timer import OneTimer
from ion_mentoring.resilience.shared_run import SharedRun
from tests.fakes import until
from tests.listening import heard


class Source:
    """Says numbers, then returns how many; knows how far it came and whether it has ended."""

    def __init__(self, count: int, failure: Exception | None = None, *, endless: bool = False) -> None:
        self.count = count
        self.failure = failure
        self.endless = endless
        self.made = 0
        self.ended = False

    async def run(self, say: Callable[[int], None]) -> int:
        try:
            while self.made < self.count:
                await asyncio.sleep(0)
                self.made += 1
                say(self.made)
            if self.failure:
                raise self.failure
            if self.endless:
                await asyncio.Event().wait()
            return self.made
        finally:
            self.ended = True


async def joined(run: SharedRun[int, int]) -> tuple[list[int], int]:
    said: list[int] = []
    return said, await run.join(said.append)


async def followed(run: SharedRun[int, int], start: int = 0) -> list[int]:
    follower, got = run.follow(start), list[int]()
    while not follower.over:
        got.extend(follower.take())
        await follower.moves()
    await follower.leave()
    return got


@given(st.integers(0, 200), st.lists(st.integers(0, 5), min_size=1, max_size=5))
async def test_everybody_gets_all_events_and_the_result_whenever_they_come(count: int, arrivals: list[int]) -> None:
    run = SharedRun(Source(count).run)

    async def after(ticks: int) -> tuple[list[int], int]:
        for _ in range(ticks):
            await asyncio.sleep(0)
        return await joined(run)

    first = asyncio.create_task(after(0))
    others = [asyncio.create_task(after(arrival)) for arrival in arrivals]
    for got in await asyncio.gather(first, *others):
        assert got == (list(range(1, count + 1)), count)


@given(st.integers(0, 50), st.integers(0, 60))
async def test_a_follower_reads_from_its_place_to_the_end(count: int, start: int) -> None:
    assert await followed(SharedRun(Source(count).run), start) == list(range(start + 1, count + 1))


async def test_a_follower_takes_all_that_is_there_at_once() -> None:
    run = SharedRun(Source(5).run)
    follower = run.follow()
    await asyncio.wait((run.task,))
    assert (follower.take(), follower.take(), follower.over, follower.result()) == ([1, 2, 3, 4, 5], [], True, 5)
    await follower.leave()


async def test_a_follower_waits_no_longer_than_it_wants_and_can_be_woken() -> None:
    run = SharedRun(Source(0, endless=True).run)
    follower = run.follow()
    follower.wake()  # nobody waits: nothing happens
    await follower.moves(OneTimer(0.01))
    assert not follower.moved
    waiting = asyncio.create_task(follower.moves())
    await asyncio.sleep(0)
    follower.wake()
    await asyncio.wait_for(waiting, 1)
    assert not follower.moved
    await follower.leave()
    assert run.task.cancelled()


async def test_a_failure_comes_after_the_events_and_reaches_everybody() -> None:
    run = SharedRun(Source(3, LookupError("broke")).run)
    assert await until(LookupError, heard(lambda say: run.join(say))) == [1, 2, 3]
    with pytest.raises(LookupError):
        await run.join()


async def test_whoever_does_not_listen_gets_the_result_alone() -> None:
    assert await SharedRun(Source(3).run).join() == 3


async def test_the_last_who_leaves_ends_the_run_and_waits_for_its_end() -> None:
    source = Source(3, endless=True)
    run = SharedRun(source.run)
    follower = run.follow()
    joining = asyncio.create_task(run.join())
    await follower.moves()
    await follower.leave()
    assert not run.over
    joining.cancel()
    await asyncio.wait((joining,))
    assert (source.ended, run.task.cancelled(), run.over) == (True, True, True)


async def test_whoever_has_left_is_told_nothing_more() -> None:
    go, said = asyncio.Event(), list[int]()

    async def work(say: Callable[[int], None]) -> None:
        say(1)
        await go.wait()
        say(2)

    run: SharedRun[int, None] = SharedRun(work)
    staying, leaving = asyncio.create_task(run.join()), asyncio.create_task(run.join(said.append))
    await asyncio.sleep(0.01)
    leaving.cancel()
    await asyncio.wait((leaving,))
    go.set()
    await staying
    assert said == [1]


async def test_a_failure_after_everybody_has_left_is_not_reported_as_lost() -> None:
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context))

    async def work(say: Callable[[int], None]) -> None:
        try:
            say(1)
            await asyncio.Event().wait()
        finally:
            raise LookupError("while ending")

    run: SharedRun[int, None] = SharedRun(work)
    follower = run.follow()
    await follower.moves()
    await follower.leave()
    del run, follower
    await asyncio.sleep(0)
    assert reported == []
