"""The rate limit over all instances of a region, counted in L2; while that is away, each instance counts by itself."""

import hashlib
from collections.abc import Callable

from ion_mentoring.access.limits import WINDOW_S, Allowance, RateLimit, allowance
from ion_mentoring.caching.breaker import Breaker
from ion_mentoring.caching.valkey_client import ValkeyConnection
from ion_mentoring.errors import CacheUnavailable


class SharedRateLimit:
    """One round trip a request: the counter of a caller and window never lets more than the limit through."""

    def __init__(
        self,
        connection: ValkeyConnection,
        breaker: Breaker,
        alone: RateLimit,
        *,
        limit: int,
        now: Callable[[], float],
    ) -> None:
        self._connection = connection
        self._breaker = breaker
        self._alone = alone
        self._limit = limit
        self._now = now

    async def take(self, caller: str) -> Allowance:
        """Counts one request; never an error."""
        if not self._breaker.allows():
            return await self._alone.take(caller)
        now = self._now()
        name = hashlib.blake2b(caller.encode(), digest_size=16).hexdigest()
        key = f"ion:1:rate:{int(now // WINDOW_S)}:{name}"
        try:
            used = await self._connection.count(key, 1, window_ms=2 * WINDOW_S * 1000)
        except CacheUnavailable:
            self._breaker.failed()
            return await self._alone.take(caller)
        self._breaker.succeeded()
        return allowance(used, self._limit, now)
