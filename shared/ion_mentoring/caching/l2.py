"""L2 as the second tier: its entries are decoded, and promoted to L1 without living any longer."""

from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from ion_mentoring.caching.entry import CacheScope, Entry
from ion_mentoring.caching.epochs import Epochs
from ion_mentoring.caching.freshness import Freshness, Hit
from ion_mentoring.caching.l1 import L1Tier
from ion_mentoring.caching.memorystore import MemorystoreCache

Value = TypeVar("Value")


class L2Tier(Generic[Value]):
    """The tier in the region's server; `decode` reads a value of bytes, or raises ValueError."""

    def __init__(
        self,
        server: MemorystoreCache,
        l1: L1Tier[Value],
        epochs: Epochs,
        freshness: Freshness,
        decode: Callable[[bytes], Value],
    ) -> None:
        self.server = server
        self._l1 = l1
        self._epochs = epochs
        self._freshness = freshness
        self._decode = decode

    async def get(self, key: str, scope: CacheScope) -> Hit[Value] | None:
        """The value, None where the server has none that holds; never raises for a server that is away."""
        entry = await self.server.get(key, scope.owner)
        return self.promote(key, scope, entry) if entry else None

    def promote(self, key: str, scope: CacheScope, entry: Entry) -> Hit[Value] | None:
        """The hit that an entry is, if it holds and can be read; L1 has it from now on."""
        if not self._epochs.holds(entry.epoch, scope.tag):
            self.server.count_void()
            return None
        try:
            value = self._decode(entry.value)
        except ValueError:
            self.server.count_unreadable()
            return None
        self._l1.put(key, scope, value, entry)
        return self._freshness.hit(value, "L2", entry.soft_until)

    def promote_quietly(self, key: str, scope: CacheScope, entry: Entry) -> None:
        """Promotes an entry of the current epoch that nobody asked for, and counts nothing."""
        if entry.epoch == self._epochs.current and key not in self._l1:
            with suppress(ValueError):
                self._l1.put(key, scope, self._decode(entry.value), entry)
