"""Work is bounded in time, and pays for that only if it has to wait."""

import asyncio
from typing import Any

import pytest

from ion_mentoring.resilience.deadline import bounded


class Work:
    """Waits as long as it is told, and remembers how it ended."""

    def __init__(self) -> None:
        self.ended = ""

    async def wait(self, *seconds: float) -> str:
        try:
            for one in seconds:
                await asyncio.sleep(one)
        except asyncio.CancelledError:
            self.ended = "cancelled"
            raise
        except GeneratorExit:
            self.ended = "closed"
            raise
        self.ended = "done"
        return "given"


@pytest.fixture
def timers(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time limits that were set."""
    limits: list[float] = []
    timeout = asyncio.timeout

    def limited(seconds: float) -> Any:
        limits.append(seconds)
        return timeout(seconds)

    monkeypatch.setattr(asyncio, "timeout", limited)
    return limits


async def test_what_does_not_wait_costs_no_timer(timers: list[float]) -> None:
    assert await bounded(Work().wait(), 5) == "given"
    assert timers == []


async def test_what_waits_has_its_time(timers: list[float]) -> None:
    assert await bounded(Work().wait(0, 0.001, 0), 5) == "given"
    assert timers == [5]


async def test_what_takes_longer_is_ended() -> None:
    work = Work()
    with pytest.raises(TimeoutError):
        await bounded(work.wait(0, 60), 0.01)
    assert work.ended == "cancelled"


async def test_who_is_cancelled_ends_it() -> None:
    work = Work()
    task = asyncio.create_task(bounded(work.wait(60), 60))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.ended == "cancelled"


async def test_it_may_survive_a_cancellation_that_it_expected() -> None:
    async def stubborn() -> str:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await asyncio.sleep(0)
        return "given"

    task = asyncio.create_task(bounded(stubborn(), 60))
    await asyncio.sleep(0.01)
    task.cancel()
    assert await task == "given"


@pytest.mark.parametrize("waits", [0, 1])
async def test_an_error_comes_through(waits: int) -> None:
    async def failing() -> None:
        for _ in range(waits):
            await asyncio.sleep(0)
        raise KeyError("lost")

    with pytest.raises(KeyError, match="lost"):
        await bounded(failing(), 5)


async def test_an_outcome_that_was_awaited_comes_through() -> None:
    future: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def waiting() -> str:
        try:
            return await future
        except KeyError as error:
            raise LookupError("seen") from error

    asyncio.get_running_loop().call_later(0.01, future.set_exception, KeyError("late"))
    with pytest.raises(LookupError, match="seen"):
        await bounded(waiting(), 5)


def test_who_is_closed_closes_it() -> None:
    async def main() -> str:
        work = Work()
        outer = bounded(work.wait(60), 60)
        outer.send(None)
        outer.close()
        return work.ended

    assert asyncio.run(main()) == "closed"
