"""One deadline a request: set where it comes in, carried along, and sent to the functions below in a header, shrinking."""

import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from msgspec import Struct

HEADER: Final = "x-deadline-ms"  # milliseconds that are left when the request is sent
NETWORK_S: Final = 0.05  # of what is left, kept for the way back


class Deadline(Struct, frozen=True):
    """A moment on the monotonic clock `now` (seconds) after which nobody waits for the answer any more."""

    ends_at: float
    now: Callable[[], float] = time.monotonic

    @staticmethod
    def after(seconds: float, now: Callable[[], float] = time.monotonic) -> "Deadline":
        """A deadline so many seconds from now."""
        return Deadline(now() + seconds, now)

    def left_s(self) -> float:
        """Seconds that are left, 0 when it is over."""
        return max(0.0, self.ends_at - self.now())


CURRENT: Final[ContextVar[Deadline | None]] = ContextVar("deadline", default=None)


def limit_s(at_most_s: float, *, keep_s: float = 0.0) -> float:
    """The time limit in seconds of one wait below the current request: `at_most_s`, or what is left of the deadline.

    `keep_s` is kept back for what has to happen if this wait was in vain, but never more than half of what is left.
    """
    deadline = CURRENT.get()
    if deadline is None:
        return at_most_s
    left = deadline.left_s()
    if keep_s:
        left = max(left / 2, left - keep_s)
    return min(at_most_s, left)


def received(header: str | None, at_most_s: float) -> Deadline:
    """The deadline of a request with this header: what the caller has left, and never more than `at_most_s`."""
    sent_ms = int(header) if header and header.isascii() and header.isdigit() and len(header) < 10 else None
    left_s = at_most_s if sent_ms is None else min(at_most_s, sent_ms / 1000)
    return Deadline.after(max(0.001, left_s - (0.0 if sent_ms is None else NETWORK_S)))


def header_value(seconds: float) -> str:
    """The header's value for so many seconds."""
    return str(max(1, int(seconds * 1000)))
