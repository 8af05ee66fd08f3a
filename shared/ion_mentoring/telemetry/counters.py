"""Counts of the product's events, kept in the instance and sent as sums: one costs a tenth of what Sentry's own costs."""

import bisect
from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final

from msgspec import Struct, field

from ion_mentoring.telemetry.product import (
    APIRequestEvent,
    CachePerformanceEvent,
    DangerEvent,
    DeadLetterEvent,
    PersonaProcessEvent,
    ProductEvent,
    RoutingDecisionEvent,
    SecurityEvent,
)

BOUNDS_MS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 3_000, 5_000, 6_000, 10_000, 20_000, 30_000)
MOST_SERIES: Final = 1_000  # of one instance; what would be one more is counted as lost

# The fields that an event is counted by: few values each, and never an id.
LABELS: Final[dict[type, tuple[str, ...]]] = {
    PersonaProcessEvent: ("persona", "path", "success"),
    RoutingDecisionEvent: ("persona", "language"),
    CachePerformanceEvent: (),
    APIRequestEvent: ("method", "path", "status"),
    SecurityEvent: ("kind", "path"),
    DangerEvent: ("kind",),
    DeadLetterEvent: ("topic",),
}
TIMED: Final = (PersonaProcessEvent, APIRequestEvent)
SUMMED: Final[dict[type, tuple[str, ...]]] = {
    PersonaProcessEvent: ("input_tokens", "output_tokens", "nano_usd"),
    CachePerformanceEvent: ("hit_count", "miss_count"),
}


class Sum(Struct):
    """The count of one series of events; their times by `BOUNDS_MS`, where they have one; the sums of other fields."""

    count: int = 0
    buckets: list[int] = field(default_factory=list)
    sums: list[int] = field(default_factory=list)

    def percentile(self, share: float) -> float | None:
        """The upper bound in milliseconds of the bucket that this share of them reaches; None if it was not timed."""
        reached = 0
        for place, number in enumerate(self.buckets):
            reached += number
            if reached >= share * self.count:
                return BOUNDS_MS[min(place, len(BOUNDS_MS) - 1)]
        return None


Series = tuple[type, tuple[Any, ...]]
Sums = dict[Series, Sum]


def _reader(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """Reads these fields as a tuple, however many there are."""
    if len(names) > 1:
        return attrgetter(*names)
    return (lambda event: (getattr(event, names[0]),)) if names else (lambda _event: ())


_LABELLED: Final = {kind: _reader(names) for kind, names in LABELS.items()}
_ADDED: Final = {kind: _reader(names) for kind, names in SUMMED.items()}


class Counters:
    """An outlet that counts events."""

    def __init__(self) -> None:
        self._sums: Sums = {}
        self.lost = 0

    def __call__(self, event: ProductEvent) -> None:
        """Counts an event."""
        kind = type(event)
        series = (kind, _LABELLED[kind](event))
        found = self._sums.get(series)
        if found is None:
            if len(self._sums) >= MOST_SERIES:
                self.lost += 1
                return
            found = self._sums[series] = _empty(kind)
        found.count += 1
        if found.buckets:
            found.buckets[bisect.bisect_left(BOUNDS_MS, event.execution_time_ms)] += 1  # type: ignore[attr-defined]
        if found.sums and not getattr(event, "cache_hit", False):  # a known answer used and cost nothing
            for place, value in enumerate(_ADDED[kind](event)):
                found.sums[place] += value

    def __len__(self) -> int:
        return len(self._sums)

    def take(self) -> Sums:
        """The counts since the last time."""
        taken, self._sums = self._sums, {}
        return taken


def _empty(kind: type) -> Sum:
    buckets = [0] * (len(BOUNDS_MS) + 1) if kind in TIMED else []
    return Sum(buckets=buckets, sums=[0] * len(SUMMED.get(kind, ())))
