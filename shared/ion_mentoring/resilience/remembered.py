"""A result of a moment ago, given again: many who ask cost as much as one."""

from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from ion_mentoring.resilience.single_flight import SingleFlight

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """The result of `work` within the last `for_s` seconds of the monotonic clock `now`; one run for all who ask meanwhile."""

    def __init__(self, work: Callable[[], Coroutine[Any, Any, Value]], for_s: float, now: Callable[[], float]) -> None:
        self._flight = SingleFlight(work)
        self._for_s = for_s
        self._now = now
        self._found: tuple[float, Value] | None = None

    async def value(self) -> Value:
        """The value, at most `for_s` seconds old; what `work` raises is raised, and not remembered."""
        if self._found and self._now() - self._found[0] < self._for_s:
            return self._found[1]
        value = await self._flight.outcome()
        self._found = self._now(), value
        return value
