"""One flight a key: those who miss at the same moment wait for the first instead of asking again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Flights(Generic[Value]):
    """Runs of one instance that are under way, by key."""

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[Value]] = {}

    async def run(self, key: str, start: Callable[[], Awaitable[Value]]) -> Value:
        """The value of the run under way for a key, else of a new one.

        A failure reaches everybody who waits and is not kept. Whoever stops waiting leaves the run to the others,
        and to the cache that it fills.
        """
        task = self._running.get(key)
        if task is None:
            task = asyncio.ensure_future(_value(start))
            self._running[key] = task
            task.add_done_callback(lambda _: self._running.pop(key))
            task.add_done_callback(_looked_at)
        return await asyncio.shield(task)


async def _value(start: Callable[[], Awaitable[Value]]) -> Value:
    return await start()


def _looked_at(task: "asyncio.Task[Value]") -> None:
    """Without this, a run that failed after everybody had gone would be reported as never retrieved."""
    if not task.cancelled():
        task.exception()
