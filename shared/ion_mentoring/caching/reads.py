"""Reads of L2 that share a round trip: those of one loop tick, and those that come while enough of them are under way."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from ion_mentoring.errors import CacheUnavailable

Values = list[bytes | None]
GetMany = Callable[[Sequence[str]], Awaitable[Values]]
BilledReply = tuple[tuple[str, ...], "asyncio.Future[Values]"]

UNDER_WAY: Final = 2  # round trips; more of them would only be smaller ones
KEYS: Final = 512  # in one of them


class SharedReads:
    """Gathers reads into calls of `get_many`; each reader gets its own values, or the failure of a round trip.

    A failure reaches those, too, who wait for the next one: nobody waits longer than one round trip may take.
    """

    def __init__(self, get_many: GetMany) -> None:
        self._get_many = get_many
        self._waiting: list[BilledReply] = []
        self._trips: set[asyncio.Task[None]] = set()
        self._scheduled = False
        self.round_trips = 0

    def read(self, *keys: str) -> "asyncio.Future[Values]":
        """The values at keys, in their order."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Values] = loop.create_future()
        self._waiting.append((keys, future))
        if not self._scheduled and len(self._trips) < UNDER_WAY:
            self._scheduled = True
            loop.call_soon(self._depart)
        return future

    def _depart(self) -> None:
        """Sends the readers that wait on their way together."""
        self._scheduled = False
        together, self._waiting = self._next()
        if together:
            trip = asyncio.get_running_loop().create_task(self._trip(together))
            self._trips.add(trip)
            trip.add_done_callback(self._returned)

    def _next(self) -> tuple[list[BilledReply], list[BilledReply]]:
        """Those who go together, and those who wait on; whoever has left does neither."""
        waiting = [asked for asked in self._waiting if not asked[1].done()]
        keys = 0
        for place, (own, _) in enumerate(waiting):
            keys += len(own)
            if place and keys > KEYS:
                return waiting[:place], waiting[place:]
        return waiting, []

    async def _trip(self, together: list[BilledReply]) -> None:
        """One round trip, in which no key travels twice."""
        wanted = dict.fromkeys(key for keys, _ in together for key in keys)
        self.round_trips += 1
        try:
            values = dict(zip(wanted, await self._get_many(tuple(wanted)), strict=True))
            for keys, future in together:
                if not future.done():
                    future.set_result([values[key] for key in keys])
        except CacheUnavailable as failure:
            waiting, self._waiting = self._waiting, []  # they would wait for the same again
            for _, future in (*together, *waiting):
                if not future.done():
                    future.set_exception(failure)
        finally:
            for _, future in together:
                future.cancel()  # nobody waits for ever; those who have their values do not notice

    def _returned(self, trip: "asyncio.Task[None]") -> None:
        self._trips.discard(trip)
        if self._waiting:
            self._depart()
