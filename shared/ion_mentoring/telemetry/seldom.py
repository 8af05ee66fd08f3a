"""Telling the log of what may happen a thousand times a second: once a second at most, with how often it was since."""

import time
from collections.abc import Callable
from typing import Any, Final

EVERY_S: Final = 1.0


class Seldom:
    """Passes events on to `tell`, one in `EVERY_S` seconds of the monotonic clock `now`, and counts the others."""

    def __init__(self, tell: Callable[..., None], now: Callable[[], float] = time.monotonic) -> None:
        self._tell = tell
        self._now = now
        self._told_at = float("-inf")
        self._times = 0

    def __call__(self, event: str, **facts: Any) -> None:
        """Something happened; `times` in the log says how often anything did since it was last told."""
        self._times += 1
        if self._now() - self._told_at >= EVERY_S:
            times, self._times, self._told_at = self._times, 0, self._now()
            self._tell(event, **facts, times=times)
