"""Two tiers are one cache that never fails: near first, then far, and nothing lives longer than it was meant to."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from ion_mentoring.caching.local import LocalCache
from ion_mentoring.caching.memorystore import MemorystoreCache
from ion_mentoring.caching.two_tier import Hit, TwoTierCache
from ion_mentoring.caching.valkey_client import ValkeyConnection
from ion_mentoring.resilience.breaker import Breaker
from tests.fakes import Clock

Connect = Callable[..., ValkeyConnection]
Breakable = Callable[..., Any]
Instance = Callable[..., TwoTierCache[str]]

REST_S = 2.0
TIMEOUT_S = 0.1


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def instance(connection: ValkeyConnection, clock: Clock) -> Instance:
    """Makes the cache of another instance over the same server."""

    def made(over: ValkeyConnection | None = connection, decode: Callable[[bytes], str] = bytes.decode) -> TwoTierCache[str]:
        near: LocalCache[str] = LocalCache(max_bytes=1_000_000, max_entries=100, now=clock)
        far = MemorystoreCache(over, Breaker(failures=3, rest_s=REST_S, now=clock), clock) if over else None
        return TwoTierCache(near, far, encode=str.encode, decode=decode, now=clock)

    return made


async def test_what_was_put_is_near(instance: Instance) -> None:
    cache = instance()
    assert await cache.get("k") is None
    await cache.put("k", "안녕하세요", 60)
    assert await cache.get("k") == Hit("안녕하세요", "L1")


async def test_what_another_instance_put_is_far_once_and_then_near(instance: Instance) -> None:
    await instance().put("k", "value", 60)
    cache = instance()
    assert [await cache.get("k") for _ in range(2)] == [Hit("value", "L2"), Hit("value", "L1")]


async def test_a_falsy_value_is_a_hit_in_both_tiers(instance: Instance) -> None:
    await instance().put("k", "", 60)
    cache = instance()
    assert [await cache.get("k") for _ in range(2)] == [Hit("", "L2"), Hit("", "L1")]


async def test_a_copy_brought_near_ends_when_its_original_does(instance: Instance, clock: Clock) -> None:
    await instance().put("k", "value", 60)
    clock.tick(59)
    cache = instance()
    assert await cache.get("k") == Hit("value", "L2")
    clock.tick(0.9)
    assert await cache.get("k") == Hit("value", "L1")
    clock.tick(0.1)
    assert await cache.get("k") is None


async def test_filling_and_asking_what_is_there_leaves_the_near_tier_alone(instance: Instance) -> None:
    cache = instance()
    assert not await cache.holds("k")
    assert await cache.fill("k", "value", 60)
    assert await cache.holds("k")
    assert await cache.get("k") == Hit("value", "L2")


async def test_a_far_value_that_cannot_be_decoded_is_a_miss_and_counted(instance: Instance) -> None:
    def undecodable(stored: bytes) -> str:
        raise ValueError("of another time")

    await instance().put("k", "value", 60)
    cache = instance(decode=undecodable)
    assert await cache.get("k") is None
    assert not await cache.holds("k")
    _, far = cache.figures()
    assert far is not None
    assert (far.hits, far.misses, far.damaged) == (0, 2, 2)


async def test_figures_tell_of_each_tier(instance: Instance) -> None:
    await instance().put("k", "value", 60)
    cache = instance()
    for key in ("k", "k", "none"):
        await cache.get(key)
    near, far = cache.figures()
    assert (near.hits, near.misses, near.entries) == (1, 2, 1)
    assert far is not None
    assert (far.hits, far.misses) == (1, 1)


async def test_without_a_far_tier_the_near_one_does_and_nothing_is_degraded(instance: Instance) -> None:
    cache = instance(None)
    await cache.put("k", "value", 60)
    assert await cache.get("k") == Hit("value", "L1")
    assert await cache.get("none") is None
    assert not await cache.fill("k", "value", 60)
    assert not await cache.holds("k")
    assert await cache.far_state() == "off"
    assert not cache.degraded
    assert cache.figures()[1] is None


async def test_while_the_server_is_away_the_near_tier_goes_on_and_says_so(
    instance: Instance, connect: Connect, breakable: Breakable, clock: Clock
) -> None:
    server = breakable()
    cache = instance(connect(server.url))
    assert (await cache.far_state(), cache.degraded) == ("ok", False)
    server.kill()
    for number in range(5):
        await cache.put(str(number), "value", 60)
        assert await cache.get(str(number)) == Hit("value", "L1")
        assert await cache.get("none") is None
    assert (await cache.far_state(), cache.degraded) == ("down", True)
    server.start_again()
    clock.tick(REST_S)
    await cache.put("k", "value", 60)
    assert (await cache.far_state(), cache.degraded) == ("ok", False)
    assert await cache.holds("k")


async def test_a_paused_server_costs_a_caller_the_set_time_and_then_nothing(
    instance: Instance, connect: Connect, breakable: Breakable
) -> None:
    server = breakable()
    cache = instance(connect(server.url, timeout_s=TIMEOUT_S))
    took = []
    with server.paused():
        for _ in range(100):
            began = time.perf_counter()
            assert await cache.get("k") is None
            took.append(time.perf_counter() - began)
    took.sort()
    assert took[94] < TIMEOUT_S
    assert took[-1] < TIMEOUT_S + 1
