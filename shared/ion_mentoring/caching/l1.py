"""L1: values in the instance, each with the epoch in which it was last known to hold."""

from typing import Generic, TypeVar

from ion_mentoring.caching.entry import CacheScope, Entry, Epoch
from ion_mentoring.caching.epochs import Epochs
from ion_mentoring.caching.freshness import Freshness, Hit
from ion_mentoring.caching.local import LocalCache, LocalFigures

Value = TypeVar("Value")


class L1Value(Generic[Value]):
    """A value as L1 keeps it; the epoch moves on with every look that finds it still holds."""

    __slots__ = ("epoch", "soft_until", "value")

    def __init__(self, value: Value, soft_until: float, epoch: Epoch) -> None:
        self.value = value
        self.soft_until = soft_until
        self.epoch = epoch


class L1Tier(Generic[Value]):
    """The tier in the instance; `alone` says that there is no other, so that it alone knows what was invalidated."""

    def __init__(self, kept: LocalCache[L1Value[Value]], epochs: Epochs, freshness: Freshness, *, alone: bool) -> None:
        self._kept = kept
        self._epochs = epochs
        self._freshness = freshness
        self._alone = alone

    def __contains__(self, key: str) -> bool:
        return key in self._kept

    @property
    def verified(self) -> bool:
        """True if the invalidations that are known here are those of the declared time."""
        return self._alone or self._epochs.verified

    def get(self, key: str, scope: CacheScope) -> Hit[Value] | None:
        """The value; where it could not be verified since L2 is away, up to its soft end."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        found = kept.value
        if found.soft_until <= self._freshness.now() and not self.verified:
            return None
        if found.epoch is not self._epochs.current:
            if not self._epochs.holds(found.epoch, scope.tag):
                self._kept.drop(key)
                return None
            found.epoch = self._epochs.current
        return self._freshness.hit(found.value, "L1", found.soft_until)

    def put(self, key: str, scope: CacheScope, value: Value, entry: Entry) -> None:
        """Keeps a value as long as its entry; one user's own stays in L2 where there is one, so that it goes with the user."""
        if self._alone or not scope.owner:
            kept = L1Value(value, entry.soft_until, entry.epoch)
            self._kept.put(key, kept, size=len(entry.value), expires_at=entry.expires_at)

    def clear(self) -> None:
        """Drops everything."""
        self._kept.clear()

    def figures(self) -> LocalFigures:
        """The figures so far."""
        return self._kept.figures()
