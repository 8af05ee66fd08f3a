"""The end of this process, one for all functions in it: begun by the signal with which the platform announces it."""

import asyncio
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from types import FrameType

from ion_mentoring.resilience.shutdown import Shutdown

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
    """A handler that begins the shutdown inside the loop, and lets the server hear of the signal."""

    def told(number: int, frame: FrameType | None) -> None:
        with suppress(RuntimeError):  # the loop is closed: nothing is under way
            loop.call_soon_threadsafe(ending.begin)
        server(number, frame)

    return told
