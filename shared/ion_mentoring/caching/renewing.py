"""The renewal of entries before they are stale, by one over all instances."""

from typing import Generic, TypeVar

from msgspec import Struct

from ion_mentoring.caching.entry import CacheScope
from ion_mentoring.caching.two_tier import TwoTierCache

Value = TypeVar("Value")


class Renewing(Struct, Generic[Value], frozen=True):
    """The state of a cache's entries in L2, as those need it who renew them."""

    cache: TwoTierCache[Value]

    async def possible(self) -> bool:
        """True if there is an L2, and it answers."""
        return await self.cache.l2_state() == "ok"

    async def fresh(self, key: str, scope: CacheScope) -> bool:
        """True if L2 has a value at a key that need not be renewed."""
        hit = await self.cache.l2.get(key, scope) if self.cache.l2 else None
        return hit is not None and not hit.stale

    async def renewable(self, key: str, scope: CacheScope) -> bool:
        """True if L2 has no value at a key, or one that is stale or may soon be."""
        entry = await self.cache.l2.server.get(key, scope.owner) if self.cache.l2 else None
        held = entry is not None and self.cache.epochs.holds(entry.epoch, scope.tag)
        return entry is None or not held or self.cache.freshness.may_be_due(entry)

    async def claim(self, key: str, for_s: float) -> bool:
        """True for the first to claim the renewal of a key in so many seconds, over all instances."""
        return bool(await self.cache.l2.server.acquire(f"{key}:renewal", for_s)) if self.cache.l2 else False
