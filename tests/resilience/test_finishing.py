"""What is done to its end, whoever leaves meanwhile."""

import asyncio

import pytest

from ion_mentoring.resilience.finishing import finished


async def test_a_result_and_an_error_are_passed_on() -> None:
    async def fails() -> None:
        await asyncio.sleep(0)
        raise LookupError

    assert await finished(asyncio.sleep(0, "done")) == "done"
    with pytest.raises(LookupError):
        await finished(fails())


async def test_who_is_cancelled_twice_leaves_at_the_end() -> None:
    done: list[str] = []
    may = asyncio.Event()

    async def work() -> None:
        await may.wait()
        done.append("written")

    waiting = asyncio.ensure_future(finished(work()))
    for _ in range(2):
        await asyncio.sleep(0)
        waiting.cancel()
    await asyncio.sleep(0)
    assert not waiting.done()
    may.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert done == ["written"]


async def test_who_was_cancelled_does_not_hear_of_an_error() -> None:
    async def fails() -> None:
        await asyncio.sleep(0)
        raise LookupError

    waiting = asyncio.ensure_future(finished(fails()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
