"""The sweep of what has expired, once in a while, by whoever is called every minute."""

from collections.abc import Awaitable, Callable
from typing import Final

from ion_mentoring.telemetry.events import EventLog

EVERY_S: Final = 3_600.0


class SweepStore:
    """Sweeps a store when it is first asked to, and then once in `EVERY_S`; `now` is a monotonic clock in seconds."""

    def __init__(self, sweep: Callable[[], Awaitable[int]], log: EventLog, now: Callable[[], float]) -> None:
        self._sweep = sweep
        self._log = log
        self._now = now
        self._due_at = float("-inf")

    async def __call__(self) -> int:
        """The number of records that went. StoreUnavailable where the store does not answer: the next call tries again."""
        if self._now() < self._due_at:
            return 0
        gone = await self._sweep()
        self._due_at = self._now() + EVERY_S
        if gone:
            self._log.info("expired_swept", records=gone)
        return gone
