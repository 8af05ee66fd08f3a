"""Incidents as logs: what the functions would write while something breaks, made from ordinary traffic that is changed."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from infra.alerting.rules import Event

BEGINS: Final = datetime(2026, 11, 23, tzinfo=UTC).timestamp()
PERSONAS: Final = {"lua": 0.4, "elro": 0.2, "riri": 0.2, "nana": 0.2}
REGIONS: Final = {"asia-northeast3": 0.6, "us-central1": 0.25, "europe-west1": 0.15}
CACHED: Final = 0.75
DANGER: Final = 0.005
MINUTE: Final = 60.0
HOUR: Final = 3600.0

Change = Callable[[random.Random, float, dict[str, Any]], Sequence[Event]]


def _unchanged(_random: random.Random, _at: float, event: dict[str, Any]) -> Sequence[Event]:
    return (event,)


@dataclass(frozen=True, slots=True)
class Incident:
    """Traffic of `per_s` that is changed from `warm_s` on for `lasts_s`, and goes on for `after_s`; `rings` are the rules that
    have to ring."""

    name: str
    rings: tuple[str, ...]
    change: Change = _unchanged
    warm_s: float = 20 * MINUTE
    lasts_s: float = 20 * MINUTE
    after_s: float = 15 * MINUTE
    per_s: float = 2.0
    more: tuple[tuple[float, Event], ...] = field(default=())

    @property
    def begins(self) -> float:
        """The time at which something breaks."""
        return BEGINS + self.warm_s

    def log(self, seed: int = 1) -> Iterator[tuple[float, Event]]:
        """Its events, with their times."""
        drawn = random.Random(seed)  # noqa: S311 - traffic, no secrets
        over = self.begins + self.lasts_s
        more = list(self.more)
        for at, event in traffic(drawn, self.warm_s + self.lasts_s + self.after_s, self.per_s):
            while more and self.begins + more[0][0] <= at:
                yield self.begins + more[0][0], more.pop(0)[1]
            changed = self.change(drawn, at, event) if self.begins <= at < over else (event,)
            yield from ((at, one) for one in changed)


def traffic(drawn: random.Random, seconds: float, per_s: float) -> Iterator[tuple[float, dict[str, Any]]]:
    """Ordinary traffic: answers by path and persona, some of them to danger, and the caches' figures each minute."""
    at, told_at, number = BEGINS, BEGINS + MINUTE, 0
    looked = dict.fromkeys(REGIONS, (0, 0))
    while at < BEGINS + seconds:
        at += drawn.expovariate(per_s)
        number += 1
        while at >= told_at:
            yield from ((told_at, _caches(region, *counts)) for region, counts in looked.items() if any(counts))
            looked, told_at = dict.fromkeys(REGIONS, (0, 0)), told_at + MINUTE
        event = _answer(drawn, f"r{number}")
        hits, misses = looked[event["region"]]
        looked[event["region"]] = (hits + event["cache_hit"], misses + (not event["cache_hit"]))
        yield at, event
        if event["model"] == "safety":
            yield at, {"message": "DangerEvent", "kind": "suicide", "language": "ko", "region": event["region"]}


def _answer(drawn: random.Random, request_id: str) -> dict[str, Any]:
    danger, cached = drawn.random() < DANGER, drawn.random() < CACHED
    path = "embedded" if danger else "cached" if cached else "model"
    ms = {"embedded": drawn.uniform(3, 30), "cached": drawn.uniform(1, 40), "model": drawn.lognormvariate(7.6, 0.35)}[path]
    return {
        "message": "PersonaProcessEvent",
        "request_id": request_id,
        "region": drawn.choices(list(REGIONS), list(REGIONS.values()))[0],
        "persona": drawn.choices(list(PERSONAS), list(PERSONAS.values()))[0],
        "path": path,
        "cache_hit": path == "cached",
        "model": {"embedded": "safety", "cached": "gemini:gemini-2.5-flash", "model": "gemini:gemini-2.5-flash"}[path],
        "execution_time_ms": ms,
        "success": True,
        "error": None,
        "degraded": [],
    }


def _caches(region: str, hits: int, misses: int) -> dict[str, Any]:
    rate = hits / (hits + misses)
    return {"message": "CachePerformanceEvent", "region": region, "hit_count": hits, "miss_count": misses, "hit_rate": rate}


def refused(status: int, error: str, request_id: str) -> Event:
    """The event of a request that got an error."""
    return {"message": "APIRequestEvent", "request_id": request_id, "status": status, "success": False, "error": error}
