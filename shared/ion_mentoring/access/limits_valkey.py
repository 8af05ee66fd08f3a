"""The rate limit over all instances of a region, counted in L2; while that is away, each instance counts by itself."""

import hashlib
import math
from collections.abc import Callable
from typing import Final

from ion_mentoring.access.limits import WINDOW_S, Allowance, RateLimit
from ion_mentoring.caching.valkey_client import CacheRefused, ValkeyConnection
from ion_mentoring.errors import CacheUnavailable
from ion_mentoring.resilience.breaker import Breaker

PREFIX: Final = "ion:rate:1:"

# Takes ARGV[1] of ARGV[2] in a window of ARGV[3] milliseconds, and gives {taken or not, used, milliseconds left}.
# The window is timed by the server alone, since the clocks of instances differ. A key without an end counts as none,
# so that nobody is shut out for ever.
_TAKE: Final = """
local cost, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local left = redis.call('PTTL', KEYS[1])
local used = left > 0 and tonumber(redis.call('GET', KEYS[1])) or 0
if left <= 0 then left = tonumber(ARGV[3]) end
if used + cost > limit then return {0, used, left} end
if used > 0 then return {1, redis.call('INCRBY', KEYS[1], cost), left} end
redis.call('SET', KEYS[1], cost, 'PX', left)
return {1, cost, left}
"""


class SharedRateLimit:
    """One round trip a request: the counter of a caller and window never lets more than the limit through.

    `alone` counts while L2 is away, when up to the limit may pass in each instance.
    """

    def __init__(
        self,
        connection: ValkeyConnection,
        breaker: Breaker,
        alone: RateLimit,
        *,
        limit: int,
        now: Callable[[], float] | None = None,  # not needed: wiring may stop handing it over, the server times the windows
    ) -> None:
        self._connection = connection
        self._breaker = breaker
        self._alone = alone
        self._limit = limit

    async def take(self, caller: str, cost: int = 1) -> Allowance:
        """Counts a request of `cost`; never an error."""
        if not self._breaker.allows():
            return await self._alone.take(caller, cost)
        try:
            allowance = await self._taken(caller, cost)
        except CacheRefused:
            self._breaker.succeeded()
            return await self._alone.take(caller, cost)
        except CacheUnavailable:
            self._breaker.failed()
            return await self._alone.take(caller, cost)
        self._breaker.succeeded()
        return allowance

    async def _taken(self, caller: str, cost: int) -> Allowance:
        answer = await self._connection.evaluate(_TAKE, _key(caller), cost, self._limit, WINDOW_S * 1000)
        if len(answer) != 3:
            raise CacheUnavailable("L2: no answer of the rate limit's script")
        taken, used, left_ms = answer
        return Allowance(
            allowed=taken == 1,
            limit=self._limit,
            remaining=max(0, self._limit - used),
            reset_s=max(1, math.ceil(left_ms / 1000)),
        )


def _key(caller: str) -> str:
    """A key that does not show who calls."""
    return PREFIX + hashlib.blake2b(caller.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
