"""Fill once: a missing entry is filled by one over all instances, and the others wait for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

from msgspec import Struct

from ion_mentoring.caching.entry import CacheScope, Entry, Epoch
from ion_mentoring.caching.freshness import Hit
from ion_mentoring.caching.two_tier import TwoTierCache

if TYPE_CHECKING:  # who has no L2 does not pay for importing its client
    from ion_mentoring.caching.l2 import L2Tier

Value = TypeVar("Value")


class Fill(Struct, Generic[Value], frozen=True):
    """A turn to fill a key, under the epoch that it begins in; or `found` is what another instance has filled meanwhile."""

    key: str
    scope: CacheScope
    epoch: Epoch
    found: Hit[Value] | None = None
    token: int = 0


class FillOnce(Struct, Generic[Value], frozen=True):
    """The turns to fill the entries of a cache."""

    cache: TwoTierCache[Value]

    @asynccontextmanager
    async def turn(self, key: str, scope: CacheScope, patience_s: float) -> AsyncIterator[Fill[Value]]:
        """The turn to fill a key that `get` did not give; `patience_s` is how long one may wait for others."""
        epochs, l2 = self.cache.epochs, self.cache.l2
        if l2 is None:
            yield Fill(key, scope, epochs.current)
            return
        if not epochs.verified:
            await l2.server.verify()
        epoch = epochs.current
        from ion_mentoring.caching.leased import lease

        async with lease(l2.server, key, scope.owner, patience_s) as held:
            entry = await self._filled_meanwhile(l2, key, scope) if held.token else held.found
            found = l2.promote(key, scope, entry) if entry else None
            yield Fill(key, scope, epoch, found, held.token)

    async def keep(self, fill: Fill[Value], value: Value) -> bool:
        """Keeps what was made in a turn; False if L2 has not taken it."""
        return await self.cache.keep(fill.key, fill.scope, value, epoch=fill.epoch, token=fill.token)

    async def _filled_meanwhile(self, l2: "L2Tier[Value]", key: str, scope: CacheScope) -> Entry | None:
        """The entry that another has filled between our look and our turn; one that may be due is what the turn is for."""
        entry, _ = await l2.server.awaited(key, scope.owner)
        return entry if entry and not self.cache.freshness.may_be_due(entry) else None
