"""One timer for all who wait: each is woken in its time, whoever came before or left."""

import asyncio

import pytest

from ion_mentoring.resilience.one_timer import OneTimer, one_timer

SECONDS = 0.1


def future() -> "asyncio.Future[None]":
    return asyncio.get_running_loop().create_future()


async def waited_s(timer: OneTimer, begin_s: float = 0.0) -> float:
    await asyncio.sleep(begin_s)
    began = asyncio.get_running_loop().time()
    await timer.wait(future())
    return asyncio.get_running_loop().time() - began


async def test_each_is_woken_after_its_own_time() -> None:
    timer = OneTimer(SECONDS)
    waits = await asyncio.gather(*(waited_s(timer, 0.03 * number) for number in range(4)))
    assert all(SECONDS - 0.002 <= wait < SECONDS + 0.1 for wait in waits)


async def test_who_is_done_or_cancelled_before_leaves_the_others_their_time() -> None:
    timer, early, given_up = OneTimer(SECONDS), future(), asyncio.create_task(waited_s(OneTimer(10)))
    first, leaving = asyncio.create_task(timer.wait(early)), asyncio.create_task(timer.wait(future()))
    last = asyncio.create_task(waited_s(timer, 0.02))
    await asyncio.sleep(0.01)
    early.set_result(None)
    for task in (leaving, given_up):
        task.cancel()
    await first
    assert SECONDS - 0.002 <= await last < SECONDS + 0.1
    assert leaving.cancelled()


async def test_an_error_of_what_is_waited_for_is_raised() -> None:
    timer, failing = OneTimer(SECONDS), future()
    asyncio.get_running_loop().call_soon(failing.set_exception, LookupError("broke"))
    with pytest.raises(LookupError):
        await timer.wait(failing)


async def test_no_timer_is_left_where_nobody_waits() -> None:
    timer, coming = OneTimer(10), future()
    waiting = asyncio.create_task(timer.wait(coming))
    await asyncio.sleep(0)
    timer.rest()
    assert timer._timer is not None, "somebody waits"
    coming.set_result(None)
    await waiting
    timer.rest()
    assert timer._timer is None


async def test_a_loop_has_one_for_each_length() -> None:
    assert one_timer(1.0) is one_timer(1.0)
    assert one_timer(1.0) is not one_timer(2.0)
    other = await asyncio.to_thread(lambda: asyncio.run(kept(1.0)))
    assert other is not one_timer(1.0)


async def kept(seconds: float) -> OneTimer:
    return one_timer(seconds)
