"""How often a caller may ask: so many requests in a window of one minute."""

from dataclasses import dataclass
from typing import Final, Protocol

WINDOW_S: Final = 60


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller has left: `reset_s` seconds until the window ends and the full `limit` is there again."""

    allowed: bool
    limit: int
    remaining: int
    reset_s: int


class RateLimit(Protocol):
    """Counts requests by caller."""

    async def take(self, caller: str) -> Allowance:
        """Counts one request, and says whether it may go on."""


def allowance(used: int, limit: int, now: float) -> Allowance:
    """What is left after `used` requests of the window that `now` (Unix seconds) falls into."""
    return Allowance(used <= limit, limit, max(0, limit - used), int(WINDOW_S - now % WINDOW_S) + 1)
