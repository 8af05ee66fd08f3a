"""Single flight: those who miss the same key at the same moment share one run instead of asking again."""

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Generic, TypeVar

from ion_mentoring.resilience.shared_run import SharedRun

Event = TypeVar("Event")
Result = TypeVar("Result")
Say = Callable[[Event], None]
Work = Callable[[Say[Event] | None], Coroutine[Any, Any, Result]]


class Flights(Generic[Event, Result]):
    """The runs of one instance that are under way, by key."""

    def __init__(self) -> None:
        self._running: dict[str, SharedRun[Event, Result]] = {}

    def running(self, key: str) -> bool:
        """True while there is a run to join."""
        run = self._running.get(key)
        return run is not None and not run.over

    async def join(self, key: str, work: Work[Event, Result], say: Say[Event] | None) -> Result:
        """The result of the run under way for a key, else of a new one, which is told to listen if its first member does.

        A failure reaches everybody who has joined, and is not kept. The last to leave ends the run.
        """
        run = self._running.get(key)
        if run is None or run.over:
            run = self._running[key] = SharedRun(work if say else lambda _: work(None))
            run.task.add_done_callback(partial(self._over, key, run))
        return await run.join(say)

    def _over(self, key: str, run: SharedRun[Event, Result], _: object) -> None:
        if self._running.get(key) is run:
            del self._running[key]
