"""One flight a key: those who miss at the same moment follow the first instead of asking again."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from functools import partial
from typing import Generic, TypeVar

from ion_mentoring.resilience.broadcast import Broadcast

Part = TypeVar("Part")


class Flights(Generic[Part]):
    """Runs of one instance that are under way, by key."""

    def __init__(self) -> None:
        self._running: dict[str, Broadcast[Part]] = {}

    def running(self, key: str) -> bool:
        """Whether there is a run to follow."""
        flight = self._running.get(key)
        return flight is not None and not flight.over

    def joined(self, key: str) -> AsyncGenerator[Part] | None:
        """The parts of the run under way for a key, from its first on; None where there is none."""
        flight = self._running.get(key)
        return None if flight is None or flight.over else flight.follow()

    async def follow(self, key: str, start: Callable[[], AsyncGenerator[Part]]) -> AsyncGenerator[Part]:
        """The parts of the run under way for a key, from its first on, else of a new one.

        A failure reaches everybody who follows and is not kept. The last to leave ends the run.
        """
        flight = self._running.get(key)
        if flight is None or flight.over:
            flight = self._running[key] = Broadcast(start())
            flight.task.add_done_callback(partial(self._over, key, flight))
        async with aclosing(flight.follow()) as parts:
            async for part in parts:
                yield part

    def _over(self, key: str, flight: Broadcast[Part], _: object) -> None:
        if self._running.get(key) is flight:
            del self._running[key]
