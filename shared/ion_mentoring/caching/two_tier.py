"""Both tiers as one cache: L1 first, then L2, whose entries are brought near without living any longer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from ion_mentoring.caching.local import LocalCache, LocalFigures
from ion_mentoring.caching.memorystore import Counts, Entry, MemorystoreCache

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
        far: MemorystoreCache | None,
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

    async def get(self, key: str) -> Hit[Value] | None:
        """The value with its tier, None where neither has it; never raises for a server that is away."""
        value = self._near.get(key)
        if value is not None:
            return Hit(value, "L1")
        entry = await self._far.get(key) if self._far else None
        if entry is None:
            return None
        try:
            value = self._decode(entry.value)
        except ValueError:
            return None
        self._near.put(key, value, size=len(entry.value), expires_at=entry.expires_at)
        return Hit(value, "L2")

    async def put(self, key: str, value: Value, ttl_s: float) -> None:
        """Keeps a value for `ttl_s` seconds in both tiers, or in L1 alone while L2 is away."""
        entry = Entry(self._encode(value), self._now() + ttl_s)
        self._near.put(key, value, size=len(entry.value), expires_at=entry.expires_at)
        if self._far:
            await self._far.put(key, entry)

    async def fill(self, key: str, value: Value, ttl_s: float) -> bool:
        """Keeps a value in L2 alone, for other instances; False without an L2 that takes it."""
        entry = Entry(self._encode(value), self._now() + ttl_s)
        return await self._far.put(key, entry) if self._far else False

    async def holds(self, key: str) -> bool:
        """Whether L2 has a value at a key."""
        return self._far is not None and await self._far.get(key) is not None

    async def far_state(self) -> Literal["off", "ok", "down"]:
        """How L2 is: not configured, answering, or not."""
        if self._far is None:
            return "off"
        return "ok" if await self._far.reachable() else "down"

    def figures(self) -> tuple[LocalFigures, Counts | None]:
        """What each tier did so far."""
        return self._near.figures(), self._far.counts if self._far else None
