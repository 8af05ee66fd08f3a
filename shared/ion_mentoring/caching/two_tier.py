"""Both tiers as one cache: L1 first, then L2, whose entries are brought near without living any longer."""

import math
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, Literal, NamedTuple, TypeVar

from ion_mentoring.caching.entry import CacheScope, Entry, Epoch
from ion_mentoring.caching.epochs import ALL, Epochs
from ion_mentoring.caching.local import LocalCache, LocalFigures

if TYPE_CHECKING:  # who has no L2 does not pay for importing its client
    from ion_mentoring.caching.memorystore import MemorystoreCache, MemorystoreFigures

Value = TypeVar("Value")
Layer = Literal["L1", "L2"]

EVERYBODY: Final = CacheScope("")
SPREAD: Final = 0.02  # of the soft time to live: how far before its end an early renewal is likely


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds for which an entry is fresh, and after which it is gone."""

    soft_s: float
    hard_s: float


class Hit(NamedTuple, Generic[Value]):
    """A cached value and the tier it came from; `stale` past its soft end, `due` if whoever got it should see to a new one."""

    value: Value
    layer: Layer
    stale: bool = False
    due: bool = False


class Near(Generic[Value]):
    """A value as L1 keeps it; the epoch moves on with every look that finds it still holds."""

    __slots__ = ("epoch", "soft_until", "value")

    def __init__(self, value: Value, soft_until: float, epoch: Epoch) -> None:
        self.value = value
        self.soft_until = soft_until
        self.epoch = epoch


@dataclass(frozen=True, slots=True)
class Making(Generic[Value]):
    """A turn to make a value, under the epoch that it begins in; or `found` is what another instance has made meanwhile."""

    key: str
    scope: CacheScope
    epoch: Epoch
    found: Hit[Value] | None = None
    token: int = 0


class TwoTierCache(Generic[Value]):
    """Values by key; `encode` makes bytes for L2, `decode` reads them or raises ValueError. Without `far`, L1 alone.

    `now` is wall-clock time in seconds, `chance` gives numbers in (0, 1].
    """

    def __init__(
        self,
        near: LocalCache[Near[Value]],
        far: "MemorystoreCache | None",
        epochs: Epochs,
        times: Times,
        *,
        encode: Callable[[Value], bytes],
        decode: Callable[[bytes], Value],
        now: Callable[[], float],
        chance: Callable[[], float],
    ) -> None:
        self._near = near
        self._far = far
        self._epochs = epochs
        self._times = times
        self._encode = encode
        self._decode = decode
        self._now = now
        self._chance = chance
        self._asked_far = 0

    @property
    def degraded(self) -> bool:
        """True while there is an L2 and it is left alone since it does not answer."""
        return self._far is not None and self._far.resting

    @property
    def _early_s(self) -> float:
        """Seconds before the soft end from which on an early renewal is possible at all."""
        return 10 * SPREAD * self._times.soft_s

    @property
    def _verified(self) -> bool:
        return self._far is None or self._epochs.verified

    def look(self, key: str, scope: CacheScope) -> Hit[Value] | None:
        """The value if L1 has it and may say so without asking anybody."""
        if self._far is None or (not scope.owner and (self._epochs.verified or self._far.resting)):
            return self._looked(key, scope)
        return None

    async def get(self, key: str, scope: CacheScope) -> Hit[Value] | None:
        """The value with its tier, None where neither has it; never raises for a server that is away."""
        hit = self.look(key, scope)
        if self._far is None or (hit and not hit.due):
            return hit
        self._asked_far += 1
        if self._asked_far == 2:  # the first answer is given: now there is time for the hottest ones
            await self._preload(self._far)
            hit = self.look(key, scope)
            if hit and not hit.due:
                return hit
        if not scope.owner and key in self._near and not self._epochs.verified:
            await self._far.verify()
            hit = self._looked(key, scope)
            if hit and not hit.due:
                return hit
        found = await self._from_far(self._far, key, scope)  # which another instance may have renewed by now
        return hit if hit and (found is None or found.due) else found

    @asynccontextmanager
    async def making(self, key: str, scope: CacheScope, patience_s: float) -> AsyncIterator[Making[Value]]:
        """The turn to make a value that `get` did not give: one over all instances, for so long as one may wait for others."""
        if self._far is None:
            yield Making(key, scope, self._epochs.current)
            return
        if not self._verified:
            await self._far.verify()
        epoch = self._epochs.current
        from ion_mentoring.caching.making import turn_at

        async with turn_at(self._far, key, scope.owner, patience_s) as turn:
            entry = await self._made_meanwhile(self._far, key, scope) if turn.token else turn.found
            found = self._brought(self._far, key, scope, entry) if entry else None
            yield Making(key, scope, epoch, found, turn.token)

    async def keep(self, making: Making[Value], value: Value) -> bool:
        """Keeps what was made in both tiers; False if L2 has not taken it, for instance since another has the turn now."""
        key, scope, now = making.key, making.scope, self._now()
        entry = Entry(self._encode(value), now + self._times.hard_s, now + self._times.soft_s, making.epoch)
        self._bring(key, scope, value, entry)
        return await self._far.put(key, entry, scope.owner, token=making.token) if self._far else False

    async def fresh(self, key: str, scope: CacheScope) -> bool:
        """True if L2 has a value at a key that need not be renewed."""
        hit = await self._from_far(self._far, key, scope) if self._far else None
        return hit is not None and not hit.stale

    async def renewable(self, key: str, scope: CacheScope) -> bool:
        """True if L2 has no value at a key, or one that is stale or may soon be."""
        entry = await self._far.get(key, scope.owner) if self._far else None
        held = entry is not None and self._epochs.holds(entry.epoch, scope.tag)
        return entry is None or not held or entry.soft_until - self._now() <= self._early_s

    async def claim(self, key: str, for_s: float) -> bool:
        """True for the first to claim the renewal of a key in so many seconds, over all instances."""
        return bool(await self._far.acquire(f"{key}:renewal", for_s)) if self._far else False

    async def pack(self, keys: Sequence[str]) -> None:
        """Packs the entries at keys, the hottest first, for instances that start."""
        if self._far and keys:
            await self._far.pack(keys, self._times.hard_s)

    async def invalidate(self, pattern: str) -> None:
        """Makes void what is about a subject that the pattern matches (`*`, `?`, `[...]`), everywhere after the declared time.

        CacheUnavailable if the other instances cannot be told; then it is void in this one alone.
        """
        if pattern == ALL:
            self._near.clear()
        if self._far:
            await self._far.invalidate(pattern)
        else:
            self._epochs.add(pattern)

    async def forget(self, owner: str) -> None:
        """Makes an owner's own entries unreadable everywhere; CacheUnavailable if that could not be done."""
        if self._far:
            await self._far.forget(owner)
        else:
            self._epochs.add(f"*:{owner}")

    async def far_state(self) -> Literal["off", "ok", "down"]:
        """The state of L2: not configured, answering, or not."""
        if self._far is None:
            return "off"
        return "ok" if await self._far.reachable() else "down"

    def figures(self) -> "tuple[LocalFigures, MemorystoreFigures | None]":
        """The figures of each tier so far."""
        return self._near.figures(), self._far.figures() if self._far else None

    async def _made_meanwhile(self, far: "MemorystoreCache", key: str, scope: CacheScope) -> Entry | None:
        """The entry that another has made between our look and our turn. One that is due to be renewed is none:
        that is what the turn is for."""
        entry, _ = await far.awaited(key, scope.owner)
        return entry if entry and entry.soft_until - self._now() > self._early_s else None

    async def _preload(self, far: "MemorystoreCache") -> None:
        """Brings near what was packed, in one round trip, as far as it was made in this epoch: so all of it holds."""
        for key, entry in await far.packed():
            if entry.epoch == self._epochs.current and key not in self._near:
                with suppress(ValueError):
                    self._bring(key, EVERYBODY, self._decode(entry.value), entry)

    def _looked(self, key: str, scope: CacheScope) -> Hit[Value] | None:
        """The value in L1; where it could not be verified since L2 is away, up to its soft end."""
        kept = self._near.get(key)
        if kept is None:
            return None
        near = kept.value
        if near.soft_until <= self._now() and not self._verified:
            return None
        if near.epoch is not self._epochs.current:
            if not self._epochs.holds(near.epoch, scope.tag):
                self._near.drop(key)
                return None
            near.epoch = self._epochs.current
        return self._hit(near.value, "L1", near.soft_until)

    def _hit(self, value: Value, layer: Layer, soft_until: float) -> Hit[Value]:
        left_s = soft_until - self._now()
        if left_s > self._early_s:
            return Hit(value, layer)
        early_s = -math.log(self._chance()) * SPREAD * self._times.soft_s  # XFetch: Vattani et al., VLDB 2015
        return Hit(value, layer, stale=left_s <= 0, due=left_s <= early_s)

    async def _from_far(self, far: "MemorystoreCache", key: str, scope: CacheScope) -> Hit[Value] | None:
        entry = await far.get(key, scope.owner)
        return self._brought(far, key, scope, entry) if entry else None

    def _brought(self, far: "MemorystoreCache", key: str, scope: CacheScope, entry: Entry) -> Hit[Value] | None:
        """The hit that an entry of L2 is, if it holds and can be read; it is near from now on."""
        if not self._epochs.holds(entry.epoch, scope.tag):
            far.count_void()
            return None
        try:
            value = self._decode(entry.value)
        except ValueError:
            far.count_unreadable()
            return None
        self._bring(key, scope, value, entry)
        return self._hit(value, "L2", entry.soft_until)

    def _bring(self, key: str, scope: CacheScope, value: Value, entry: Entry) -> None:
        """Brings a value near; but what is one user's alone stays in L2 where there is one, so that it goes with the user."""
        if self._far is None or not scope.owner:
            near = Near(value, entry.soft_until, entry.epoch)
            self._near.put(key, near, size=len(entry.value), expires_at=entry.expires_at)
