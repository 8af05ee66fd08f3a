"""The last hour of one instance: its events counted in slots of ten seconds, for operators who look at it live."""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any, Final, NamedTuple

from msgspec import Struct, field

from ion_mentoring.telemetry.counters import BOUNDS_MS
from ion_mentoring.telemetry.product import (
    APIRequestEvent,
    CachePerformanceEvent,
    DangerEvent,
    PersonaProcessEvent,
    ProductEvent,
    SecurityEvent,
)

SLOT_S: Final = 10.0
KEPT_S: Final = 3_600.0
MOST_SERIES: Final = 64  # of one slot; what would be one more is not counted

Tallies = dict[tuple[type, tuple[Any, ...]], "Tally"]

# The fields that events are told apart by: few values each, and never an id.
LABELS: Final[dict[type, tuple[str, ...]]] = {
    PersonaProcessEvent: ("persona", "path", "model", "success", "degraded"),
    APIRequestEvent: ("status", "error"),
    CachePerformanceEvent: (),
    SecurityEvent: ("kind",),
    DangerEvent: ("kind",),
}
SUMMED: Final[dict[type, tuple[str, ...]]] = {
    PersonaProcessEvent: ("input_tokens", "output_tokens", "nano_usd"),
    CachePerformanceEvent: ("hit_count", "miss_count"),
}

_LABELS: Final[dict[type, Callable[[Any], Any]]] = {
    PersonaProcessEvent: attrgetter(*LABELS[PersonaProcessEvent]),
    APIRequestEvent: attrgetter(*LABELS[APIRequestEvent]),
    CachePerformanceEvent: lambda _event: (),
    SecurityEvent: lambda event: (event.kind,),
    DangerEvent: lambda event: (event.kind,),
}


class Tally(Struct):
    """One series of events: their times by `BOUNDS_MS` (in the first where they have none), and sums of their fields."""

    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_MS) + 1))
    sums: list[int] = field(default_factory=lambda: [0, 0, 0])

    @property
    def count(self) -> int:
        """The number of events."""
        return sum(self.buckets)

    def add(self, other: "Tally") -> None:
        """Adds another tally of the same series."""
        self.buckets = [one + more for one, more in zip(self.buckets, other.buckets, strict=True)]
        self.sums = [one + more for one, more in zip(self.sums, other.sums, strict=True)]

    def percentile(self, share: float) -> float | None:
        """The upper bound in milliseconds of the bucket that this share of the events reaches; None without any."""
        reached, count = 0, self.count
        for place, number in enumerate(self.buckets):
            reached += number
            if count and reached >= share * count:
                return BOUNDS_MS[min(place, len(BOUNDS_MS) - 1)]
        return None


class Counted(NamedTuple):
    """One series of events: their times by `BOUNDS_MS` (in the first where they have none), and sums of their fields."""

    kind: type
    labels: Mapping[str, Any]
    tally: Tally


class Recent:
    """An outlet that counts every answer, and of requests what was not good. `now` is a monotonic clock in seconds.

    A cached answer pays for this: so its labels are read in one piece, and there is one look at the clock.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._slots: deque[tuple[int, Tallies]] = deque(maxlen=int(KEPT_S / SLOT_S))
        self._tallies: Tallies = {}
        self._ends = 0.0
        self._began = now()

    def __call__(self, event: ProductEvent) -> None:
        """Counts an event; others than those of `LABELS`, and requests that ended well, are passed over."""
        if self._now() >= self._ends:
            self._begin_slot()
        kind = type(event)
        if kind not in LABELS or (kind is APIRequestEvent and event.success):  # type: ignore[attr-defined]
            return
        key = (kind, _LABELS[kind](event))
        tally = self._tallies.get(key)
        if tally is None:
            if len(self._tallies) >= MOST_SERIES:
                return
            tally = self._tallies[key] = Tally()
        if kind is PersonaProcessEvent:
            tally.buckets[bisect_left(BOUNDS_MS, event.execution_time_ms)] += 1  # type: ignore[attr-defined]
            if event.cache_hit:  # type: ignore[attr-defined]
                return  # a known answer used and cost nothing
        else:
            tally.buckets[0] += 1
        for place, name in enumerate(SUMMED.get(kind, ())):
            tally.sums[place] += getattr(event, name)

    def age_s(self) -> float:
        """The seconds since it began to count."""
        return self._now() - self._began

    def over(self, seconds: float) -> list[Counted]:
        """The counts of the last seconds, rounded up to whole slots."""
        since = self._place() - int(seconds / SLOT_S)
        merged: Tallies = {}
        for place, tallies in self._slots:
            if place > since:
                for key, tally in tallies.items():
                    merged.setdefault(key, Tally()).add(tally)
        return [Counted(kind, dict(zip(LABELS[kind], labels, strict=True)), tally) for (kind, labels), tally in merged.items()]

    def by_slot(self, kind: type, slots: int) -> list[int]:
        """The number of events of a kind in each of the last slots, the current one last."""
        current = self._place()
        found = {place: sum(one.count for key, one in tallies.items() if key[0] is kind) for place, tallies in self._slots}
        return [found.get(place, 0) for place in range(current - slots + 1, current + 1)]

    def _place(self) -> int:
        return int(self._now() / SLOT_S)

    def _begin_slot(self) -> None:
        place = self._place()
        self._ends = (place + 1) * SLOT_S
        self._tallies = {}
        self._slots.append((place, self._tallies))


def together(series: Iterable[Counted]) -> Tally:
    """Series as one."""
    tally = Tally()
    for one in series:
        tally.add(one.tally)
    return tally
