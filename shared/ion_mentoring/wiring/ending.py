"""The end of this process, one for all functions in it: begun by the signal with which the platform announces it."""

import asyncio
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from types import FrameType
from typing import Final

from ion_mentoring.resilience.shutdown import Shutdown

LAST_S: Final = 2.0  # for writing what was gathered, while the server goes on

Handler = Callable[[int, FrameType | None], object]


@lru_cache(maxsize=1)
def shutdown() -> Shutdown:
    """The shutdown of this process. It hears the signal where a server does, which goes on hearing it, too."""
    ending, server = Shutdown(), signal.getsignal(signal.SIGTERM)
    with suppress(RuntimeError):  # there is no loop here: nothing is served
        loop = asyncio.get_running_loop()
        if callable(server) and threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, _both(ending, server, loop))
    return ending


def _both(ending: Shutdown, server: Handler, loop: asyncio.AbstractEventLoop) -> Handler:
    """A handler that begins the shutdown inside the loop, and lets the server hear of the signal when that is done."""
    last: list[asyncio.Task[None]] = []

    def told(number: int, frame: FrameType | None) -> None:
        # The server raises the signal again when it is through, and the process would end without its handlers at exit.
        signal.pthread_sigmask(signal.SIG_BLOCK, {number})
        try:
            loop.call_soon_threadsafe(lambda: last.append(loop.create_task(end(number))))
        except RuntimeError:  # the loop is closed: nothing is under way
            server(number, frame)

    async def end(number: int) -> None:
        ending.begin()
        await ending.last(LAST_S)
        server(number, None)

    return told
