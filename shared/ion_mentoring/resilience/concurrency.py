"""Turns: so many at once, so many more waiting, and everybody beyond is sent away before anything is spent on them.

No holder has more than a quarter of the turns, however many wait for it, and a turn that becomes free goes to whoever of those
that wait holds the fewest: nobody is kept waiting by what another one has sent in bulk.
"""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from ion_mentoring.errors import Overloaded

COME_BACK_S: Final = 2.0
SHARES: Final = 4  # a holder has one of them at most

Queue = deque[asyncio.Future[None]]


class ConcurrencyLimit:
    """`at_once` may work at the same time, `waiting` may wait for their turn."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free = self._at_once = at_once
        self._share = max(1, at_once // SHARES)
        self._waiting = waiting
        self._held: Counter[str | None] = Counter()
        self._queues: dict[str | None, Queue] = {}  # none is empty; who was given a turn goes to the end

    @asynccontextmanager
    async def slot(self, holder: str | None = None) -> AsyncIterator[None]:
        """Waits for a turn and holds it; Overloaded, with a time to come back, if too many wait already.

        `holder` is on whose behalf; None is for everybody, and may have all turns. Where the queue is full, whoever has the
        most in it gives way to one who has fewer.
        """
        if self._may(holder):
            self._take(holder)
        else:
            await self._given(holder)
        try:
            yield
        finally:
            self._return(holder)

    @property
    def crowded(self) -> bool:
        """True while anybody waits for a turn."""
        return bool(self._queues)

    def _may(self, holder: str | None) -> bool:
        return self._free > 0 and self._held[holder] < (self._at_once if holder is None else self._share)

    def _take(self, holder: str | None) -> None:
        self._free -= 1
        self._held[holder] += 1

    def _return(self, holder: str | None) -> None:
        self._free += 1
        self._held[holder] -= 1
        if not self._held[holder]:
            del self._held[holder]
        self._pass_on()

    def _pass_on(self) -> None:
        """Gives what is free to those who wait; a queue whose head was served goes behind the others."""
        while able := [holder for holder in self._queues if self._may(holder)]:
            holder = min(able, key=self._held.__getitem__)
            queue = self._queues.pop(holder)
            first = queue.popleft()
            if queue:
                self._queues[holder] = queue
            if not first.done():  # else it has just given up
                self._take(holder)
                first.set_result(None)

    async def _given(self, holder: str | None) -> None:
        """Waits in the queue of a holder until a turn is given to it."""
        self._make_room(holder)
        mine = asyncio.get_running_loop().create_future()
        self._queues.setdefault(holder, deque()).append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            self._leave(holder, mine)
            if mine.done() and not mine.cancelled() and not mine.exception():
                self._return(holder)  # it was given in the very moment
            raise

    def _make_room(self, holder: str | None) -> None:
        if sum(map(len, self._queues.values())) < self._waiting:
            return
        longest = max(self._queues, key=lambda one: len(self._queues[one]), default=None)
        others = len(self._queues.get(longest, ()))
        if others <= len(self._queues.get(holder, ())) + 1:
            raise _too_many()
        last = self._queues[longest][-1]
        self._leave(longest, last)
        if not last.done():
            last.set_exception(_too_many())

    def _leave(self, holder: str | None, one: asyncio.Future[None]) -> None:
        queue = self._queues.get(holder, deque())
        if one in queue:
            queue.remove(one)
        if not queue:
            self._queues.pop(holder, None)


def _too_many() -> Overloaded:
    return Overloaded("too many waiting", retry_after_s=COME_BACK_S)
