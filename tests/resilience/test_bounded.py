"""Work within its time: what never waits is done at once, what waits too long is ended."""

import asyncio

import pytest

from ion_mentoring.resilience.bounded import bounded


async def test_what_does_not_wait_has_no_limit_set() -> None:
    def never(seconds: float) -> object:
        raise AssertionError("no limit is needed")

    async def work() -> str:
        return "done"

    assert await bounded(work(), 0.0, never) == "done"  # type: ignore[arg-type]


async def test_what_waits_gets_its_results_and_its_errors() -> None:
    async def work() -> str:
        await asyncio.sleep(0)
        with pytest.raises(LookupError):
            await asyncio.gather(fails())
        return "done"

    async def fails() -> None:
        await asyncio.sleep(0)
        raise LookupError

    assert await bounded(work(), 1) == "done"
    with pytest.raises(LookupError):
        await bounded(fails(), 1)


async def test_what_takes_too_long_is_ended() -> None:
    ended: list[bool] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    with pytest.raises(TimeoutError):
        await bounded(work(), 0.01)
    assert ended == [True]


async def test_leaving_ends_the_work() -> None:
    ended: list[bool] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    task = asyncio.create_task(bounded(work(), 10))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait((task,))
    assert (ended, task.cancelled()) == ([True], True)
