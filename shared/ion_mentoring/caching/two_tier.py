"""Both tiers as one cache: L1 first, then L2, whose entries are promoted to L1."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from ion_mentoring.caching.entry import CacheScope, Epoch
from ion_mentoring.caching.epochs import ALL, Epochs
from ion_mentoring.caching.freshness import Freshness, Hit
from ion_mentoring.caching.l1 import L1Tier, L1Value
from ion_mentoring.caching.local import LocalCache, LocalFigures
from ion_mentoring.caching.preload import Preload

if TYPE_CHECKING:  # who has no L2 does not pay for importing its client
    from ion_mentoring.caching.l2 import L2Tier
    from ion_mentoring.caching.memorystore import MemorystoreCache, MemorystoreFigures
    from ion_mentoring.resilience.breaker import Trouble

Value = TypeVar("Value")


class TwoTierCache(Generic[Value]):
    """Values by key; `encode` makes bytes for L2, `decode` reads them or raises ValueError. Without a `server`, L1 alone.

    `l2` is for those who fill and renew entries; `preload` for instances that start.
    """

    def __init__(
        self,
        kept: LocalCache[L1Value[Value]],
        server: "MemorystoreCache | None",
        epochs: Epochs,
        freshness: Freshness,
        *,
        encode: Callable[[Value], bytes],
        decode: Callable[[bytes], Value],
    ) -> None:
        self.epochs = epochs
        self.freshness = freshness
        self.l1 = L1Tier(kept, epochs, freshness, alone=server is None)
        self.l2 = _tier(server, self.l1, epochs, freshness, decode) if server else None
        self.preload = Preload(self.l2, freshness.times.hard_s)
        self._encode = encode

    @property
    def degraded(self) -> bool:
        """True while there is an L2 and it is left alone since it does not answer."""
        return self.l2 is not None and self.l2.server.guard.resting

    def look(self, key: str, scope: CacheScope) -> Hit[Value] | None:
        """The value if L1 has it and may say so without asking anybody."""
        if self.l2 is None or (not scope.owner and (self.epochs.verified or self.l2.server.guard.resting)):
            return self.l1.get(key, scope)
        return None

    async def get(self, key: str, scope: CacheScope) -> Hit[Value] | None:
        """The value with its tier, None where neither has it; never raises for a server that is away."""
        hit = self.look(key, scope)
        if self.l2 is None or (hit and not hit.due):
            return hit
        if await self.preload.once():
            hit = self.look(key, scope)
        if (hit is None or hit.due) and not scope.owner and key in self.l1 and not self.epochs.verified:
            await self.l2.server.verify()
            hit = self.l1.get(key, scope)
        if hit and not hit.due:
            return hit
        found = await self.l2.get(key, scope)  # which another instance may have renewed by now
        return hit if hit and (found is None or found.due) else found

    async def keep(self, key: str, scope: CacheScope, value: Value, *, epoch: Epoch, token: int = 0) -> bool:
        """Keeps a value that was begun in an epoch in both tiers; False if L2 has not taken it, for instance since another
        holds the lease by now."""
        entry = self.freshness.entry(self._encode(value), epoch)
        self.l1.put(key, scope, value, entry)
        return await self.l2.server.put(key, entry, scope.owner, token=token) if self.l2 else False

    async def invalidate(self, pattern: str) -> None:
        """Makes void the entries whose tag the pattern matches (`*`, `?`, `[...]`), everywhere after the declared time.

        CacheUnavailable if the other instances cannot be told; then they are void in this one alone.
        """
        if pattern == ALL:
            self.l1.clear()
        if self.l2:
            await self.l2.server.invalidate(pattern)
        else:
            self.epochs.add(pattern)

    async def forget(self, owner: str) -> None:
        """Makes an owner's own entries unreadable everywhere; CacheUnavailable if that could not be done."""
        if self.l2:
            await self.l2.server.forget(owner)
        else:
            self.epochs.add(f"*:{owner}")

    async def l2_state(self) -> Literal["off", "ok", "down"]:
        """The state of L2: not configured, answering, or not."""
        if self.l2 is None:
            return "off"
        return "ok" if await self.l2.server.guard.reachable() else "down"

    def l2_trouble(self) -> "Trouble | None":
        """The failures of L2 since it last answered; None if there are none, or no L2."""
        return self.l2.server.guard.trouble if self.l2 else None

    def figures(self) -> "tuple[LocalFigures, MemorystoreFigures | None]":
        """The figures of each tier so far."""
        return self.l1.figures(), self.l2.server.figures() if self.l2 else None


def _tier(
    server: "MemorystoreCache",
    l1: L1Tier[Value],
    epochs: Epochs,
    freshness: Freshness,
    decode: Callable[[bytes], Value],
) -> "L2Tier[Value]":
    from ion_mentoring.caching.l2 import L2Tier

    return L2Tier(server, l1, epochs, freshness, decode)
