"""The rate limit of one instance by itself."""

from collections.abc import Callable

from ion_mentoring.access.limits import WINDOW_S, Allowance, allowance


class LocalRateLimit:
    """Counts in this process; `now` is wall-clock time in seconds."""

    def __init__(self, limit: int, now: Callable[[], float]) -> None:
        self._limit = limit
        self._now = now
        self._window = -1
        self._used: dict[str, int] = {}

    async def take(self, caller: str) -> Allowance:
        """Counts one request; a new window forgets all callers, which also bounds how many are remembered."""
        now = self._now()
        window = int(now // WINDOW_S)
        if window != self._window:
            self._window, self._used = window, {}
        used = self._used[caller] = self._used.get(caller, 0) + 1
        return allowance(used, self._limit, now)
