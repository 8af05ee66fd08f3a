"""A loop in a thread of its own serves threads that have none."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from ion_mentoring.resilience.loop_thread import LoopThread


async def _where() -> int:
    await asyncio.sleep(0)
    return threading.get_ident()


def test_coroutines_run_in_its_thread_and_their_results_come_back() -> None:
    loop = LoopThread("served")
    with ThreadPoolExecutor(4) as threads:
        told = set(threads.map(lambda _: loop.run(_where()), range(8)))
    loop.close()
    assert len(told) == 1
    assert threading.get_ident() not in told


def test_an_error_comes_back_too() -> None:
    async def fails() -> None:
        raise LookupError("here")

    loop = LoopThread("served")
    with pytest.raises(LookupError, match="here"):
        loop.run(fails())
    loop.close()


def test_a_closed_one_leaves_no_thread() -> None:
    loop = LoopThread("closed soon")
    loop.close()
    assert "closed soon" not in {thread.name for thread in threading.enumerate()}
