"""The freshness of cached values: a soft end after which a new value is made, a hard end after which the old one is gone."""

import math
from collections.abc import Callable
from typing import Final, Generic, Literal, NamedTuple, TypeVar

from msgspec import Struct

from ion_mentoring.caching.entry import Entry, Epoch

Value = TypeVar("Value")
Layer = Literal["L1", "L2"]

SPREAD: Final = 0.02  # of the soft time to live: how far before its end an early renewal is likely


class Times(Struct, frozen=True):
    """Seconds for which an entry is fresh, and after which it is gone."""

    soft_s: float
    hard_s: float


class Hit(NamedTuple, Generic[Value]):
    """A cached value and the tier it came from; `stale` past its soft end, `due` if whoever got it should see to a new one."""

    value: Value
    layer: Layer
    stale: bool = False
    due: bool = False


class Freshness(Struct, frozen=True):
    """The times of entries; `now` is wall-clock time in seconds, `chance` gives numbers in (0, 1]."""

    times: Times
    now: Callable[[], float]
    chance: Callable[[], float]

    @property
    def early_s(self) -> float:
        """Seconds before the soft end from which on an early renewal is possible at all."""
        return 10 * SPREAD * self.times.soft_s

    def entry(self, value: bytes, epoch: Epoch) -> Entry:
        """A new entry, made now."""
        now = self.now()
        return Entry(value, now + self.times.hard_s, now + self.times.soft_s, epoch)

    def hit(self, value: Value, layer: Layer, soft_until: float) -> Hit[Value]:
        """A value as it is found now; early renewals are spread by XFetch (Vattani et al., VLDB 2015)."""
        left_s = soft_until - self.now()
        if left_s > self.early_s:
            return Hit(value, layer)
        early_s = -math.log(self.chance()) * SPREAD * self.times.soft_s
        return Hit(value, layer, stale=left_s <= 0, due=left_s <= early_s)

    def may_be_due(self, entry: Entry) -> bool:
        """True for an entry that is stale or may soon be."""
        return entry.soft_until - self.now() <= self.early_s
