"""A circuit breaker: what failed several times in a row is left alone for a while, then probed once."""

from collections.abc import Callable
from typing import Final, Literal, NamedTuple

State = Literal["closed", "open", "half-open", "busy"]
LONGEST_BUSY_S: Final = 300.0  # whatever a server asks for: it may have meant milliseconds


class Trouble(NamedTuple):
    """Failures in a row: the reason of the last one that had any, and the seconds since the first."""

    reason: str
    for_s: float


class Breaker:
    """Closed at first; open for `rest_s` seconds after `failures` in a row; then one probe decides. `now` is in seconds."""

    def __init__(self, *, failures: int, rest_s: float, now: Callable[[], float]) -> None:
        self._limit = failures
        self._rest_s = rest_s
        self._now = now
        self._failures = 0
        self._failed_first = 0.0
        self._reason = ""
        self._rests_until = 0.0
        self._busy_until = 0.0

    @property
    def open(self) -> bool:
        """True from the failure that was one too many until something succeeds."""
        return self._failures >= self._limit

    @property
    def state(self) -> State:
        """The state: `half-open` from the end of a rest until a probe succeeded, `busy` while the other asked for time."""
        if self._now() < self._busy_until:
            return "busy"
        if not self.open:
            return "closed"
        return "open" if self._now() < self._rests_until else "half-open"

    @property
    def wait_s(self) -> float:
        """Seconds until it may be asked again, 0 if now."""
        until = max(self._busy_until, self._rests_until if self.open else 0.0)
        return max(0.0, until - self._now())

    @property
    def trouble(self) -> Trouble | None:
        """The failures since it last answered; None if there are none."""
        return Trouble(self._reason, self._now() - self._failed_first) if self._failures else None

    def allows(self) -> bool:
        """True if to ask now. Where the rest is over, the first who asks is the probe and the others wait on.

        A probe that never says how it went, for instance since its caller left, is followed by another after a rest.
        """
        if self.wait_s > 0:
            return False
        if self.open:
            self._rest()
        return True

    def succeeded(self) -> None:
        """It answered."""
        self._failures = 0

    def failed(self, reason: str = "") -> None:
        """It did not, for a reason in words of ours, as far as there is one."""
        if not self._failures:
            self._failed_first, self._reason = self._now(), ""
        self._reason = reason or self._reason
        self._failures += 1
        if self.open:
            self._rest()

    def busy(self, for_s: float) -> None:
        """It works, and asked to be left alone for so many seconds: that is no failure."""
        self._failures = 0
        self._busy_until = self._now() + min(for_s, LONGEST_BUSY_S)

    def _rest(self) -> None:
        self._rests_until = self._now() + self._rest_s
