"""A single flight: one run for all who want its outcome while it is under way, and it does not end with whoever leaves."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class SingleFlight(Generic[Value]):
    """Runs `work`, which bounds its own time, at most once at a time."""

    def __init__(self, work: Callable[[], Coroutine[Any, Any, Value]]) -> None:
        self._work = work
        self._running: asyncio.Task[Value] | None = None

    async def outcome(self, within_s: float | None = None) -> Value:
        """The result or error of the run under way, else a new one; TimeoutError if it takes longer, and the run goes on."""
        run = self.begin()
        await asyncio.wait((run,), timeout=within_s)
        if not run.done():
            raise TimeoutError
        return run.result()

    @property
    def under_way(self) -> bool:
        """True while there is a run."""
        return self._running is not None and not self._running.done()

    def begin(self) -> "asyncio.Task[Value]":
        """The run under way, else a new one, which goes on behind whoever began it."""
        run = self._running
        if run is None or run.done():
            run = self._running = asyncio.create_task(self._work())
            run.add_done_callback(_heard)
        return run


def _heard(run: "asyncio.Task[Any]") -> None:
    """Takes note of a failure, for it is none of the loop's business if nobody waited for it to the end."""
    if not run.cancelled():
        run.exception()
