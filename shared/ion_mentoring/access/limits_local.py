"""The rate limit of one instance by itself."""

import math
from collections import OrderedDict
from collections.abc import Callable

from ion_mentoring.access.limits import MAX_CALLERS, WINDOW_S, RateLimitStatus


class _Window:
    """`used` of the limit since `began` (seconds)."""

    __slots__ = ("began", "used")

    def __init__(self, began: float) -> None:
        self.began = began
        self.used = 0


class LocalRateLimit:
    """Counts in this process; `now` is wall-clock time in seconds."""

    def __init__(
        self, limit: int, now: Callable[[], float], *, window_s: float = WINDOW_S, max_callers: int = MAX_CALLERS
    ) -> None:
        self._limit = limit
        self._now = now
        self._window_s = window_s
        self._max_callers = max_callers
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    async def take(self, caller: str, cost: int = 1, *, limit: int | None = None) -> RateLimitStatus:
        """Counts a request of `cost`, and says whether it may go on."""
        limit = self._limit if limit is None else limit
        now = self._now()
        window = self._windows.get(caller)
        if window is None or not window.began <= now < window.began + self._window_s:  # also where the clock was set back
            window = self._begun(caller, now)
        else:
            self._windows.move_to_end(caller)
        allowed = window.used + cost <= limit
        if allowed:
            window.used += cost
        reset_s = max(1, math.ceil(window.began + self._window_s - now))
        return RateLimitStatus(allowed, limit, max(0, limit - window.used), reset_s)

    def _begun(self, caller: str, now: float) -> _Window:
        window = self._windows[caller] = _Window(now)
        self._windows.move_to_end(caller)
        if len(self._windows) > self._max_callers:
            self._windows.popitem(last=False)
        return window
