"""A circuit breaker: what failed several times in a row is left alone for a while, then probed once."""

from collections.abc import Callable


class Breaker:
    """Closed at first; open for `rest_s` seconds after `failures` in a row; then one probe decides. `now` is in seconds."""

    def __init__(self, *, failures: int, rest_s: float, now: Callable[[], float]) -> None:
        self._limit = failures
        self._rest_s = rest_s
        self._now = now
        self._failures = 0
        self._rests_until = 0.0

    @property
    def open(self) -> bool:
        """True from the failure that was one too many until something succeeds."""
        return self._failures >= self._limit

    def allows(self) -> bool:
        """Whether to ask now. Where the rest is over, the first who asks is the probe and the others wait on.

        A probe that never says how it went, for instance since its caller left, is followed by another after a rest.
        """
        if not self.open:
            return True
        if self._now() < self._rests_until:
            return False
        self._rest()
        return True

    def succeeded(self) -> None:
        """It answered."""
        self._failures = 0

    def failed(self) -> None:
        """It did not."""
        self._failures += 1
        if self.open:
            self._rest()

    def _rest(self) -> None:
        self._rests_until = self._now() + self._rest_s
