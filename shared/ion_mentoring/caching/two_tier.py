"""Both tiers as one cache: L1 first, then L2, whose entries are brought near without living any longer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from ion_mentoring.caching.envelope import Entry
from ion_mentoring.caching.local import LocalCache, LocalFigures

if TYPE_CHECKING:  # who has no L2 does not pay for importing its client
    from ion_mentoring.caching.memorystore import MemorystoreCache, MemorystoreFigures

Value = TypeVar("Value")
Layer = Literal["L1", "L2"]


@dataclass(frozen=True, slots=True)
class Hit(Generic[Value]):
    """A cached value and the tier it came from."""

    value: Value
    layer: Layer


class TwoTierCache(Generic[Value]):
    """Values by key; `encode` makes bytes for L2, `decode` reads them or raises ValueError. Without `far`, L1 alone."""

    def __init__(
        self,
        near: LocalCache[Value],
        far: "MemorystoreCache | None",
        *,
        encode: Callable[[Value], bytes],
        decode: Callable[[bytes], Value],
        now: Callable[[], float],
    ) -> None:
        self._near = near
        self._far = far
        self._encode = encode
        self._decode = decode
        self._now = now

    @property
    def degraded(self) -> bool:
        """True while there is an L2 and it is left alone since it does not answer."""
        return self._far is not None and self._far.resting

    async def get(self, key: str) -> Hit[Value] | None:
        """The value with its tier, None where neither has it; never raises for a server that is away."""
        kept = self._near.get(key)
        if kept is not None:
            return Hit(kept.value, "L1")
        found = await self._from_far(key)
        if found is None:
            return None
        value, entry = found
        self._near.put(key, value, size=len(entry.value), expires_at=entry.expires_at)
        return Hit(value, "L2")

    async def put(self, key: str, value: Value, ttl_s: float) -> None:
        """Keeps a value for `ttl_s` seconds in both tiers, or in L1 alone while L2 is away."""
        entry = self._entry(value, ttl_s)
        self._near.put(key, value, size=len(entry.value), expires_at=entry.expires_at)
        if self._far:
            await self._far.put(key, entry)

    async def fill(self, key: str, value: Value, ttl_s: float) -> bool:
        """Keeps a value in L2 alone, for other instances; False without an L2 that takes it."""
        return await self._far.put(key, self._entry(value, ttl_s)) if self._far else False

    async def holds(self, key: str) -> bool:
        """Whether L2 has a value at a key that `get` would give."""
        return await self._from_far(key) is not None

    async def far_state(self) -> Literal["off", "ok", "down"]:
        """How L2 is: not configured, answering, or not."""
        if self._far is None:
            return "off"
        return "ok" if await self._far.reachable() else "down"

    def figures(self) -> "tuple[LocalFigures, MemorystoreFigures | None]":
        """What each tier did so far."""
        return self._near.figures(), self._far.figures() if self._far else None

    async def _from_far(self, key: str) -> tuple[Value, Entry] | None:
        entry = await self._far.get(key) if self._far else None
        if self._far is None or entry is None:
            return None
        try:
            return self._decode(entry.value), entry
        except ValueError:
            self._far.count_unreadable()
            return None

    def _entry(self, value: Value, ttl_s: float) -> Entry:
        return Entry(self._encode(value), self._now() + ttl_s)
