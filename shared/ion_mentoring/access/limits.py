"""The rate limit of a caller: so much in a window that begins with the caller's first request."""

from typing import Final, NamedTuple, Protocol

WINDOW_S: Final = 60
DAY_S: Final = 86_400
MAX_CALLERS: Final = 100_000  # beyond them, those who asked least recently are forgotten


class RateLimitStatus(NamedTuple):
    """The status of a caller's rate limit: `reset_s` whole seconds until the full `limit` is there again."""

    allowed: bool
    limit: int
    remaining: int
    reset_s: int


class RateLimit(Protocol):
    """Counts requests by caller."""

    async def take(self, caller: str, cost: int = 1, *, limit: int | None = None) -> RateLimitStatus:
        """Counts a request of `cost`, and says whether it may go on; one that may not costs nothing, and 0 is a look.

        `limit` is the caller's own, where it is another than everybody's.
        """
