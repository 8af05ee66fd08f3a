"""The time in UTC as the log writes it: most lines of a second share all of it but the milliseconds."""

import time
from collections.abc import Callable
from datetime import UTC, datetime


class Timestamps:
    """Writes the time of `now` (Unix seconds) in ISO 8601, to the millisecond, with `zone` at its end."""

    def __init__(self, now: Callable[[], float] = time.time, zone: str = "+00:00") -> None:
        self._now = now
        self._zone = zone
        self._second = -1
        self._written = ""

    def __call__(self) -> str:
        """The time now, such as 2026-11-28T18:14:51.007+00:00."""
        now = self._now()
        second = int(now)
        if second != self._second:
            self._second, self._written = second, datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{self._written}.{int((now - second) * 1000):03d}{self._zone}"
