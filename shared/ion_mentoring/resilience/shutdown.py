"""The end of a process: what is under way ends in time to say so, before the platform ends it without a word.

Cloud Run sends SIGTERM, and SIGKILL ten seconds later (https://cloud.google.com/run/docs/container-contract).
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

GRACE_S: Final = 6.0  # to come to an end by itself; the rest is for closing: an entry in the ledger alone may take 2 s


class Shutdown:
    """Lets every wait go on as long as it may, and not beyond the end of the process once that is known."""

    def __init__(self, grace_s: float = GRACE_S) -> None:
        self._grace_s = grace_s
        self._ends_at: float | None = None
        self._waits: set[asyncio.Timeout] = set()
        self._heard_by: list[Callable[[], Awaitable[object] | None]] = []
        self._last: list[Awaitable[object]] = []

    @property
    def over(self) -> bool:
        """True if the time has come to end what is under way."""
        return self._ends_at is not None and asyncio.get_running_loop().time() >= self._ends_at

    def hear(self, listener: Callable[[], Awaitable[object] | None]) -> None:
        """Calls this when the end begins; the loop goes on until what it gives is done, for a while (`last`)."""
        self._heard_by.append(listener)

    def begin(self) -> None:
        """The process has been told to end: whatever waits has the grace left. A second time changes nothing."""
        if self._ends_at is not None:
            return
        self._ends_at = asyncio.get_running_loop().time() + self._grace_s
        self._last = [under_way for listener in self._heard_by if (under_way := listener()) is not None]
        for wait in self._waits:
            with suppress(RuntimeError):  # it is just running out
                wait.reschedule(min(wait.when() or self._ends_at, self._ends_at))

    async def last(self, within_s: float) -> None:
        """Waits for what those who heard of the end began then, so many seconds at most; a failure of one is its own matter."""
        if self._last:
            await asyncio.wait([asyncio.ensure_future(under_way) for under_way in self._last], timeout=within_s)

    @asynccontextmanager
    async def timeout(self, seconds: float) -> AsyncIterator[None]:
        """A time limit as `asyncio.timeout` has it, which becomes shorter when the end of the process is known."""
        async with asyncio.timeout(self._left_s(seconds)) as wait:
            self._waits.add(wait)
            try:
                yield
            finally:
                self._waits.discard(wait)

    def _left_s(self, seconds: float) -> float:
        if self._ends_at is None:
            return seconds
        return min(seconds, max(0.0, self._ends_at - asyncio.get_running_loop().time()))
