"""Figures tell how well the caches do, of one instance and of the region, without a word of anybody."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from ion_mentoring.caching.local import LocalCache
from ion_mentoring.caching.performance import TOLD_EVERY_S, CachePerformance
from ion_mentoring.telemetry.events import EventLog
from tests.caching.tiers import far_tier
from tests.fakes import Clock

TODAY = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lines() -> list[str]:
    return []


def near(clock: Clock) -> LocalCache[Any]:
    near: LocalCache[Any] = LocalCache(max_bytes=1_000, max_entries=10, now=clock)
    near.put("key", "value", size=100, expires_at=clock() + 3_600)
    return near


def instance(connection: ValkeyConnection | None, clock: Clock, lines: list[str]) -> CachePerformance:
    far = far_tier(connection, clock).guard if connection else None
    return CachePerformance(near(clock), far, EventLog("router", lines.append), clock, lambda: TODAY)


def use(performance: CachePerformance) -> None:
    for _ in range(6):
        performance.looked("L1", 0.000_004)
    for _ in range(2):
        performance.looked("L2", 0.000_9)
    performance.looked("miss", 0.015)
    performance.looked("miss", 3.0)
    performance.prevented()


async def test_an_instance_tells_its_rate_and_how_long_each_layer_took(clock: Clock, lines: list[str]) -> None:
    performance = instance(None, clock, lines)
    assert performance.figures()["hit_rate"] is None
    assert performance.figures()["latency_ms"]["L2"] == {"count": 0, "p50": None, "p95": None}
    use(performance)
    assert performance.figures() == {
        "hit_rate": 0.8,
        "stampedes_prevented": 1,
        "latency_ms": {
            "L1": {"count": 6, "p50": 0.01, "p95": 0.01},
            "L2": {"count": 2, "p50": 1, "p95": 1},
            "miss": {"count": 2, "p50": 20, "p95": None},
        },
    }
    assert await performance.region() is None


async def test_once_in_a_minute_the_log_hears_what_happened_since(clock: Clock, lines: list[str]) -> None:
    performance = instance(None, clock, lines)
    use(performance)
    await performance.tell()
    assert lines == []
    clock.tick(TOLD_EVERY_S)
    await performance.tell()
    await performance.tell()
    performance.looked("L1", 0.0)
    clock.tick(TOLD_EVERY_S)
    await performance.tell()
    events = [json.loads(line) for line in lines]
    assert [event["message"] for event in events] == ["CachePerformanceEvent"] * 2
    names = ("hit_rate", "hit_count", "l1_hits", "miss_count")
    assert [tuple(event[name] for name in names) for event in events] == [(0.8, 8, 6, 2), (1.0, 1, 1, 0)]
    assert {(event["size"], event["max_size"]) for event in events} == {(600, 1_000)}


async def test_the_region_is_the_sum_of_its_instances_today(
    connection: ValkeyConnection, clock: Clock, lines: list[str]
) -> None:
    instances = [instance(connection, clock, lines) for _ in range(2)]
    for one in instances:
        use(one)
    clock.tick(TOLD_EVERY_S)
    for one in instances:
        await one.tell()
    assert await instances[0].region() == {
        "day": "2026-11-23",
        "hit_rate": 0.8,
        "l1_hits": 12,
        "l2_hits": 4,
        "misses": 4,
        "stampedes_prevented": 2,
    }
    tomorrow = CachePerformance(
        near(clock), far_tier(connection, clock).guard, EventLog("x", lines.append), clock, lambda: TODAY + timedelta(1)
    )
    region = await tomorrow.region()
    assert region
    assert (region["day"], region["l1_hits"]) == ("2026-11-24", 0)


async def test_a_server_that_is_away_is_no_trouble(clock: Clock, lines: list[str]) -> None:
    performance = instance(ValkeyConnection.to("redis://127.0.0.1:1"), clock, lines)
    use(performance)
    clock.tick(TOLD_EVERY_S)
    await performance.tell()
    assert len(lines) == 1
    region = await performance.region()
    assert region
    assert region["l1_hits"] == 0
