"""One run serves all who want its outcome while it is under way, and does not end with whoever leaves."""

import asyncio
import gc
from typing import Any

import pytest

from ion_mentoring.resilience.single_flight import SingleFlight


class Work:
    """Counts its runs, and ends them as it is told."""

    def __init__(self) -> None:
        self.runs = 0
        self.goes_on = asyncio.Event()
        self.error: Exception | None = None

    async def __call__(self) -> int:
        self.runs += 1
        await self.goes_on.wait()
        if self.error:
            raise self.error
        return self.runs


@pytest.fixture
def work() -> Work:
    return Work()


async def test_those_who_ask_at_the_same_time_share_a_run(work: Work) -> None:
    flight = SingleFlight(work)
    asked = [asyncio.create_task(flight.outcome()) for _ in range(10)]
    await asyncio.sleep(0)
    work.goes_on.set()
    assert await asyncio.gather(*asked) == [1] * 10
    assert await flight.outcome() == 2


async def test_a_failure_reaches_all_who_wait_and_is_not_kept(work: Work) -> None:
    flight, work.error = SingleFlight(work), OSError("down")
    work.goes_on.set()
    heard = await asyncio.gather(flight.outcome(), flight.outcome(), return_exceptions=True)
    assert heard == [work.error, work.error]
    work.error = None
    assert await flight.outcome() == 2


async def test_whoever_leaves_does_not_end_the_run_for_the_others(work: Work) -> None:
    flight = SingleFlight(work)
    first, second = asyncio.create_task(flight.outcome()), asyncio.create_task(flight.outcome())
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    work.goes_on.set()
    assert await second == 1
    assert first.cancelled()


async def test_whoever_waits_no_longer_finds_the_run_going_on(work: Work) -> None:
    flight = SingleFlight(work)
    with pytest.raises(TimeoutError):
        await flight.outcome(0.001)
    work.goes_on.set()
    assert await flight.outcome() == 1


@pytest.mark.parametrize("ends", ["fails", "is cancelled"])
async def test_a_run_that_ends_badly_when_nobody_waits_any_more_is_no_concern_of_the_loop(work: Work, ends: str) -> None:
    said: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: said.append(context))
    flight, work.error = SingleFlight(work), OSError("down")
    with pytest.raises(TimeoutError):
        await flight.outcome(0.001)
    run = next(task for task in asyncio.all_tasks() if task is not asyncio.current_task())
    if ends == "fails":
        work.goes_on.set()
    else:
        run.cancel()
    await asyncio.wait((run,))
    await asyncio.sleep(0)
    del flight, run
    gc.collect()
    assert said == []
