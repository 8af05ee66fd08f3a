"""A cache entry: a value with its times, the epoch that it was made under, and what it is about."""

from dataclasses import dataclass
from typing import NamedTuple

from msgspec import Struct


class Epoch(NamedTuple):
    """A point in the order of invalidations: `number` counts them, `era` is drawn anew wherever the count was lost."""

    era: int
    number: int


NO_EPOCH = Epoch(0, 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """An encoded value; Unix seconds from which it should be renewed and at which it ends, in every tier."""

    value: bytes
    expires_at: float
    soft_until: float
    epoch: Epoch = NO_EPOCH


class CacheScope(Struct, frozen=True):
    """The tag of an entry (`lua:ko:calm-medium-learning`, which patterns are matched with), and whose alone it is.

    `owner` is an opaque mark; without one the entry is for everybody.
    """

    tag: str
    owner: str = ""

    @property
    def for_all(self) -> "CacheScope":
        """The scope of the same entry where it is for everybody."""
        return CacheScope(self.tag.removesuffix(f":{self.owner}")) if self.owner else self
