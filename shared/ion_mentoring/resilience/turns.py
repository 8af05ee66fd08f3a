"""Turns: so many at once, so many more waiting, and everybody beyond is sent away before anything is spent on them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from ion_mentoring.errors import Overloaded

COME_BACK_S: Final = 2.0


class Turns:
    """`at_once` may work at the same time, `waiting` may wait for their turn."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._waiting = waiting
        self._waiters = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for a turn and holds it; Overloaded, with a time to come back, if too many wait already."""
        if self._free.locked() and self._waiters >= self._waiting:
            raise Overloaded("too many waiting", retry_after_s=COME_BACK_S)
        self._waiters += 1
        try:
            await self._free.acquire()
        finally:
            self._waiters -= 1
        try:
            yield
        finally:
            self._free.release()
