"""The signal of the platform begins the shutdown, and the server hears of it as before."""

import asyncio
import os
import signal
from collections.abc import Iterator
from types import FrameType

import pytest

from ion_mentoring.wiring import ending


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    """No shutdown of this process yet, and afterwards its signals as they were."""
    before = signal.getsignal(signal.SIGTERM)
    ending.shutdown.cache_clear()
    yield
    ending.shutdown.cache_clear()
    signal.signal(signal.SIGTERM, before)


async def test_the_signal_begins_the_shutdown_and_reaches_the_server() -> None:
    told: list[int] = []

    def server(number: int, frame: FrameType | None) -> None:
        told.append(number)

    signal.signal(signal.SIGTERM, server)
    shutdown = ending.shutdown()
    began = asyncio.Event()
    shutdown.begin = began.set  # type: ignore[method-assign]
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(began.wait(), 5)
    assert told == [signal.SIGTERM]


async def test_without_a_server_the_signal_is_left_alone() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ending.shutdown()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


async def test_all_functions_of_a_process_end_together() -> None:
    assert ending.shutdown() is ending.shutdown()


async def test_outside_the_main_thread_no_signal_is_touched() -> None:
    signal.signal(signal.SIGTERM, lambda *_: None)
    before = signal.getsignal(signal.SIGTERM)
    await asyncio.to_thread(ending.shutdown)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_signal_after_the_loop_was_closed_reaches_the_server_alone() -> None:
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: told.append(number))

    async def make() -> None:
        ending.shutdown()

    asyncio.run(make())
    os.kill(os.getpid(), signal.SIGTERM)
    assert told == [signal.SIGTERM]


def test_without_a_loop_no_signal_is_touched() -> None:
    signal.signal(signal.SIGTERM, lambda *_: None)
    before = signal.getsignal(signal.SIGTERM)
    ending.shutdown()
    assert signal.getsignal(signal.SIGTERM) is before
