"""The signal of the platform begins the shutdown, and the server hears of it as before."""

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from ion_mentoring.wiring import ending


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    """No shutdown of this process yet, and afterwards its signals as they were."""
    before = signal.getsignal(signal.SIGTERM)
    ending.shutdown.cache_clear()
    yield
    ending.shutdown.cache_clear()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    signal.signal(signal.SIGTERM, before)


class Server:
    """A server's handler, which keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[int] = []
        self._heard = asyncio.Event()

    def __call__(self, number: int, _frame: object) -> None:
        self.told.append(number)
        self._heard.set()

    async def heard(self) -> None:
        """Returns as soon as it was told anything."""
        await asyncio.wait_for(self._heard.wait(), 5)


@pytest.fixture
def server() -> Server:
    """The handler of SIGTERM."""
    handler = Server()
    signal.signal(signal.SIGTERM, handler)
    return handler


async def test_the_signal_begins_the_shutdown_and_reaches_the_server(server: Server) -> None:
    shutdown, began = ending.shutdown(), asyncio.Event()
    shutdown.hear(began.set)
    os.kill(os.getpid(), signal.SIGTERM)
    await server.heard()
    assert server.told == [signal.SIGTERM]
    assert began.is_set()


async def test_the_server_hears_of_it_when_what_was_gathered_is_written(server: Server) -> None:
    written, began = asyncio.Event(), asyncio.Event()

    def write() -> asyncio.Task[bool]:
        began.set()
        return asyncio.ensure_future(written.wait())

    ending.shutdown().hear(write)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(began.wait(), 5)
    await asyncio.sleep(0.05)
    assert server.told == []
    written.set()
    await server.heard()


async def test_the_server_waits_not_long_for_what_is_never_written(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "LAST_S", 0.05)
    ending.shutdown().hear(lambda: asyncio.ensure_future(asyncio.Event().wait()))
    os.kill(os.getpid(), signal.SIGTERM)
    await server.heard()


async def test_what_fails_at_the_end_keeps_the_server_from_nothing(server: Server) -> None:
    async def fail() -> None:
        raise OSError

    ending.shutdown().hear(fail)
    os.kill(os.getpid(), signal.SIGTERM)
    await server.heard()


async def test_a_signal_that_the_server_raises_again_does_not_keep_the_handlers_at_exit_from_running(server: Server) -> None:
    ending.shutdown()
    os.kill(os.getpid(), signal.SIGTERM)
    await server.heard()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.raise_signal(signal.SIGTERM)
    assert signal.sigpending() == {signal.SIGTERM}


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


def test_a_signal_after_the_loop_was_closed_reaches_the_server_alone(server: Server) -> None:
    async def make() -> None:
        ending.shutdown()

    asyncio.run(make())
    os.kill(os.getpid(), signal.SIGTERM)
    assert server.told == [signal.SIGTERM]


def test_without_a_loop_no_signal_is_touched() -> None:
    signal.signal(signal.SIGTERM, lambda *_: None)
    before = signal.getsignal(signal.SIGTERM)
    ending.shutdown()
    assert signal.getsignal(signal.SIGTERM) is before
