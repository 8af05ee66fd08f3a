"""The rate limit over all instances of a region, counted in L2; while that is away, each instance counts by itself.

An instance leases tokens of a caller's window in blocks, and spends them without asking. L2 counts what it has leased, so that
all instances together never let more than the limit through.
"""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from ion_mentoring.access.limits import MAX_CALLERS, WINDOW_S, RateLimit, RateLimitStatus
from ion_mentoring.backends.valkey.valkey_client import CacheRefused, ValkeyConnection
from ion_mentoring.errors import CacheUnavailable
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.sealing.keys import CacheKeys

PREFIX: Final = "ion:rate:2:"
ATTEMPTS: Final = 3  # a window may end while it is asked about; what comes after that is no answer
QUICK_S: Final = 1.0  # a block that is spent sooner was too small, one that lasts longer too large

# Leases ARGV[1] tokens, ARGV[2] at least, of ARGV[3] in a window of ARGV[4] milliseconds, and at most a quarter of what is
# left, so that few are stranded in an instance. Gives {leased, left in the window, milliseconds left}. The window is timed by
# the server alone, since the clocks of instances differ. A key without an end counts as none: nobody is shut out for ever.
_LEASE: Final = """
local wanted, needed, limit = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local ends_in = redis.call('PTTL', KEYS[1])
local used = ends_in > 0 and tonumber(redis.call('GET', KEYS[1])) or 0
if ends_in <= 0 then ends_in = tonumber(ARGV[4]) end
local left = limit - used
if needed > left then return {0, left, ends_in} end
local leased = math.max(needed, math.min(wanted, math.floor(left / 4)))
redis.call('SET', KEYS[1], used + leased, 'PX', ends_in)
return {leased, left - leased, ends_in}
"""


class _Lease:
    """The share of a caller's window that an instance holds: tokens to spend, and what was left for all when it last asked."""

    __slots__ = ("asked_at", "began_at", "block", "ends_at", "left", "tokens")

    def __init__(self) -> None:
        self.tokens = 0
        self.left = 1  # not known yet
        self.block = 0
        self.began_at = self.ends_at = self.asked_at = 0.0

    def allowance(self, cost: int, limit: int, now: float) -> RateLimitStatus | None:
        """The answer, if it is known without asking; tokens of a window that has ended are gone."""
        if not self.began_at <= now < self.ends_at:
            return None
        if cost <= self.tokens:
            self.tokens -= cost
            return RateLimitStatus(True, limit, self.tokens + self.left, _seconds(self.ends_at - now))
        if cost <= self.tokens + self.left:
            return None
        return RateLimitStatus(False, limit, self.tokens + self.left, _seconds(self.ends_at - now))

    def wanted(self, now: float) -> int:
        """The size of the next block: twice the last where that was spent quickly, else half."""
        return max(1, self.block * 2 if now - self.asked_at < QUICK_S else self.block // 2)

    def received(self, leased: int, left: int, asked_at: float, ends_at: float) -> None:
        """Takes a block over, together with what is left of the last one of the same window."""
        same = self.began_at <= asked_at < self.ends_at
        self.tokens = leased + (self.tokens if same else 0)
        self.block = leased or self.block
        self.left = left
        self.asked_at = asked_at
        self.began_at, self.ends_at = (self.began_at if same else asked_at), ends_at


class SharedRateLimit:
    """Leases blocks that follow the demand; who was refused is refused here until the window ends.

    `alone` counts while L2 is away, when up to the limit may pass in each instance. `now` is wall-clock time in seconds: an
    instance that was frozen finds its tokens ended with their window.
    """

    def __init__(
        self,
        connection: ValkeyConnection,
        breaker: Breaker,
        alone: RateLimit,
        keys: CacheKeys,
        *,
        limit: int,
        now: Callable[[], float],
        window_s: float = WINDOW_S,
        max_callers: int = MAX_CALLERS,
    ) -> None:
        self._connection = connection
        self._breaker = breaker
        self._alone = alone
        self._keys = keys
        self._limit = limit
        self._now = now
        self._window_ms = int(window_s * 1000)
        self._max_callers = max_callers
        self._leases: OrderedDict[str, _Lease] = OrderedDict()
        self._asking: dict[str, asyncio.Lock] = {}

    async def take(self, caller: str, cost: int = 1, *, limit: int | None = None) -> RateLimitStatus:
        """Counts a request of `cost`; never an error."""
        limit = self._limit if limit is None else limit
        lease = self._leases.get(caller)
        if lease is not None:
            self._leases.move_to_end(caller)
            if allowance := lease.allowance(cost, limit, self._now()):
                return allowance
        return await self._asked(caller, cost, limit)

    async def _asked(self, caller: str, cost: int, limit: int) -> RateLimitStatus:
        """One asks for a caller at a time; who comes meanwhile waits, and may find that there is enough by then."""
        asking = self._asking.setdefault(caller, asyncio.Lock())
        try:
            async with asking:
                lease = self._lease(caller)
                for _ in range(ATTEMPTS):
                    if allowance := lease.allowance(cost, limit, self._now()):
                        return allowance
                    if not await self._leased(caller, lease, cost, limit):
                        break
                return await self._alone.take(caller, cost, limit=limit)
        finally:
            if not asking.locked():
                self._asking.pop(caller, None)

    async def _leased(self, caller: str, lease: _Lease, cost: int, limit: int) -> bool:
        """Asks for a block; False if there is nobody to ask."""
        if not self._breaker.allows():
            return False
        asked_at = self._now()  # before, so that what is leased ends here no later than at the server
        key = PREFIX + self._keys.key(rate=caller)
        needed = cost - (lease.tokens if lease.began_at <= asked_at < lease.ends_at else 0)
        try:
            wanted = max(needed, lease.wanted(asked_at))
            answer = await self._connection.evaluate(_LEASE, key, wanted, needed, limit, self._window_ms)
            leased, left, ends_in_ms = answer
        except CacheRefused:
            self._breaker.succeeded()
            return False
        except (CacheUnavailable, ValueError):
            self._breaker.failed()
            return False
        self._breaker.succeeded()
        lease.received(leased, max(0, left), asked_at, asked_at + ends_in_ms / 1000)
        return ends_in_ms > 0

    def _lease(self, caller: str) -> _Lease:
        lease = self._leases.get(caller)
        if lease is None:
            lease = self._leases[caller] = _Lease()
            if len(self._leases) > self._max_callers:
                self._leases.popitem(last=False)
        return lease


def _seconds(left_s: float) -> int:
    return max(1, math.ceil(left_s))
