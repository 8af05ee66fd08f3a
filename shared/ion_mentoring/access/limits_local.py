"""The rate limit of one instance by itself."""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ion_mentoring.access.limits import WINDOW_S, Allowance

MAX_CALLERS: Final = 100_000  # some 25 MB; beyond it, those who asked least recently are forgotten


@dataclass(frozen=True, slots=True)
class _Window:
    """`used` of the limit since `began` (seconds)."""

    began: float
    used: int


class LocalRateLimit:
    """Counts in this process; `now` is wall-clock time in seconds."""

    def __init__(self, limit: int, now: Callable[[], float], *, max_callers: int = MAX_CALLERS) -> None:
        self._limit = limit
        self._now = now
        self._max_callers = max_callers
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    async def take(self, caller: str, cost: int = 1) -> Allowance:
        """Counts a request of `cost`, and says whether it may go on."""
        now = self._now()
        window = self._window(caller, now)
        allowed = window.used + cost <= self._limit
        if allowed:
            window = _Window(window.began, window.used + cost)
        self._remember(caller, window)
        return Allowance(
            allowed=allowed,
            limit=self._limit,
            remaining=self._limit - window.used,
            reset_s=max(1, math.ceil(window.began + WINDOW_S - now)),
        )

    def _window(self, caller: str, now: float) -> _Window:
        """The caller's window at this time; a new one, too, where the clock was set back before its beginning."""
        window = self._windows.get(caller)
        return window if window and window.began <= now < window.began + WINDOW_S else _Window(now, 0)

    def _remember(self, caller: str, window: _Window) -> None:
        self._windows[caller] = window
        self._windows.move_to_end(caller)
        if len(self._windows) > self._max_callers:
            self._windows.popitem(last=False)
