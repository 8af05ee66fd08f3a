"""The rate limit of a caller: so much in a window of one minute that begins with the caller's first request."""

from typing import Final, NamedTuple, Protocol

WINDOW_S: Final = 60
MAX_CALLERS: Final = 100_000  # beyond them, those who asked least recently are forgotten


class RateLimitStatus(NamedTuple):
    """The status of a caller's rate limit: `reset_s` whole seconds until the full `limit` is there again."""

    allowed: bool
    limit: int
    remaining: int
    reset_s: int


class RateLimit(Protocol):
    """Counts requests by caller."""

    async def take(self, caller: str, cost: int = 1) -> RateLimitStatus:
        """Counts a request of `cost` (at least 1), and says whether it may go on; one that may not costs nothing."""
