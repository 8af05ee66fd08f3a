"""The performance of the caches: look-ups by the tier that answered, how long they took, and how many askings were saved.

Each instance counts for itself, and now and then adds its counts to those of the region, which L2 keeps by day.
"""

import bisect
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ion_mentoring.caching.local import LocalCache
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.product import CachePerformanceEvent

if TYPE_CHECKING:  # who has no L2 does not pay for importing its client
    from ion_mentoring.caching.guarded import GuardedServer

TOLD_EVERY_S: Final = 60.0
KEPT_S: Final = 2 * 86_400
BOUNDS_MS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
MISS: Final = "miss"

_ADD: Final = """
for place = 2, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[place], ARGV[place + 1]) end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return {1}
"""


class _Counts(NamedTuple):
    """Look-ups by the tier that answered, and askings that were saved; their names are those in the region's hash."""

    l1_hits: int = 0
    l2_hits: int = 0
    misses: int = 0
    stampedes_prevented: int = 0

    @property
    def hits(self) -> int:
        """The look-ups that a tier answered."""
        return self.l1_hits + self.l2_hits

    @property
    def hit_rate(self) -> float:
        """Their share, 0 before the first look-up."""
        return self.hits / max(1, self.hits + self.misses)


class _Layer:
    """Look-ups that one tier answered, by how long they took."""

    __slots__ = ("buckets", "count")

    def __init__(self) -> None:
        self.count = 0
        self.buckets = [0] * (len(BOUNDS_MS) + 1)

    def percentile(self, share: float) -> float | None:
        """The upper bound in milliseconds of the bucket that this share of the look-ups reaches; None if there is none."""
        reached = 0
        if self.count == 0:
            return None
        for place, number in enumerate(self.buckets):
            reached += number
            if reached >= share * self.count:
                return BOUNDS_MS[place] if place < len(BOUNDS_MS) else None
        return None


class CachePerformance:
    """Counts of one instance with its L1. `now` is a monotonic clock in seconds, `today` the time in UTC."""

    def __init__(
        self,
        l1: LocalCache[Any],
        server: "GuardedServer | None",
        log: EventLog,
        now: Callable[[], float],
        today: Callable[[], datetime],
    ) -> None:
        self._l1 = l1
        self._server = server
        self._log = log
        self._now = now
        self._today = today
        self._layers = {layer: _Layer() for layer in ("L1", "L2", MISS)}
        self._prevented = 0
        self._told = _Counts()
        self._tell_at = now() + TOLD_EVERY_S

    def looked(self, layer: str, seconds: float) -> None:
        """Counts a look-up that a layer answered, or none (`miss`)."""
        counted = self._layers[layer]
        counted.count += 1
        counted.buckets[bisect.bisect_left(BOUNDS_MS, seconds * 1000)] += 1

    def prevented(self) -> None:
        """Counts somebody who followed another's asking."""
        self._prevented += 1

    async def tell(self) -> None:
        """Once in a minute, tells the log and the region what happened since."""
        if self._now() < self._tell_at:
            return
        self._tell_at = self._now() + TOLD_EVERY_S
        total, told = self._total(), self._told
        self._told = total
        since = _Counts(*(new - old for new, old in zip(total, told, strict=True)))
        self._log.tell(self._event(since))
        if self._server:
            said = [part for name, count in since._asdict().items() for part in (name, count)]
            await self._server.evaluate(_ADD, (self._key(),), KEPT_S, *said)

    def _event(self, since: _Counts) -> CachePerformanceEvent:
        rate, size = round(since.hit_rate, 4), self._l1.figures().size
        l1, l2, missed, prevented = since
        return CachePerformanceEvent(since.hits, missed, rate, size, self._l1.max_bytes, l1, l2, prevented)

    def figures(self) -> dict[str, Any]:
        """The counts of this instance since its start; latencies in milliseconds, each an upper bound."""
        total = self._total()
        looked = total.hits + total.misses
        return {
            "hit_rate": round(total.hit_rate, 4) if looked else None,
            "stampedes_prevented": self._prevented,
            "latency_ms": {
                name: {"count": layer.count, "p50": layer.percentile(0.5), "p95": layer.percentile(0.95)}
                for name, layer in self._layers.items()
            },
        }

    async def region(self) -> dict[str, Any] | None:
        """The counts of all instances of the region today; None without an L2."""
        if self._server is None:
            return None
        found = await self._server.fields(self._key(), list(_Counts._fields))
        total = _Counts(*(int(value) if value and value.isdigit() else 0 for value in found))
        return {"day": self._day(), "hit_rate": round(total.hit_rate, 4), **total._asdict()}

    def _total(self) -> _Counts:
        l1, l2, missed = (self._layers[layer].count for layer in ("L1", "L2", MISS))
        return _Counts(l1, l2, missed, self._prevented)

    def _day(self) -> str:
        return self._today().astimezone(UTC).date().isoformat()

    def _key(self) -> str:
        return f"ion:2:performance:{self._day()}"
