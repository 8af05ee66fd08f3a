"""One run, many who follow it: each gets all parts from the beginning, and the run ends with the last who leaves."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Final, Generic, TypeVar

Part = TypeVar("Part")

LEAD: Final = 64  # parts that a run may be ahead of whoever follows it most closely


class Broadcast(Generic[Part]):
    """Runs a generator in a task of its own. It is slowed down to its quickest follower, so that what nobody reads is not
    fetched; a follower that is slower still costs the parts of one answer in memory, and no more."""

    def __init__(self, parts: AsyncGenerator[Part], *, lead: int = LEAD) -> None:
        self._parts: list[Part] = []
        self._places: dict[object, int] = {}
        self._lead = lead
        self._moved = asyncio.Event()
        self._left = False
        self.task = asyncio.ensure_future(self._run(parts))
        self.task.add_done_callback(lambda _: self._tell())

    @property
    def over(self) -> bool:
        """Whether it has ended, or is ending since everybody has left: then there is nothing to follow any more."""
        return self._left or self.task.done()

    async def follow(self) -> AsyncGenerator[Part]:
        """All parts from the first on, then the error of the run if it failed. Whoever leaves last cancels the run."""
        me = object()
        self._places[me] = 0
        try:
            while True:
                while self._places[me] < len(self._parts):
                    part = self._parts[self._places[me]]
                    self._places[me] += 1
                    self._tell()
                    yield part
                if self.task.done():
                    self.task.result()
                    return
                await self._moved.wait()
        finally:
            del self._places[me]
            if not self._places:
                await self._stopped()

    async def _run(self, parts: AsyncGenerator[Part]) -> None:
        async with aclosing(parts):
            async for part in parts:
                self._parts.append(part)
                self._tell()
                while len(self._parts) - max(self._places.values(), default=0) >= self._lead:
                    await self._moved.wait()

    def _tell(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

    async def _stopped(self) -> None:
        self._left = True
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait((self.task,))
        if self.task.done() and not self.task.cancelled():
            self.task.exception()  # looked at: whoever should have heard of it has left
