"""A circuit breaker: what failed several times in a row is left alone for a while, then probed once."""

from collections.abc import Callable


class Breaker:
    """Closed at first; open for `rest_s` seconds after `failures` in a row; then one probe decides. `now` is in seconds."""

    def __init__(self, *, failures: int, rest_s: float, now: Callable[[], float]) -> None:
        self._limit = failures
        self._rest_s = rest_s
        self._now = now
        self._failures = 0
        self._closed_from = 0.0

    @property
    def open(self) -> bool:
        """True while nobody should ask."""
        return self._now() < self._closed_from

    def allows(self) -> bool:
        """Whether to ask now. Where the rest is over, the first who asks is the probe and the others wait on."""
        if self._failures < self._limit:
            return True
        if self.open:
            return False
        self._closed_from = self._now() + self._rest_s
        return True

    def succeeded(self) -> None:
        """It answered."""
        self._failures = 0
        self._closed_from = 0.0

    def failed(self) -> None:
        """It did not."""
        self._failures += 1
        if self._failures >= self._limit:
            self._closed_from = self._now() + self._rest_s
