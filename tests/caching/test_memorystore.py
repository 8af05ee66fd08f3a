"""L2 gives what was kept, calls everything else a miss, and counts why."""

import pickle
from collections.abc import Callable
from typing import Any

import pytest

from ion_mentoring.caching.envelope import Entry, pack
from ion_mentoring.caching.memorystore import NAMESPACE, MemorystoreCache, MemorystoreFigures
from ion_mentoring.caching.valkey_client import ValkeyConnection
from ion_mentoring.resilience.breaker import Breaker
from tests.fakes import Clock

Connect = Callable[..., ValkeyConnection]
Breakable = Callable[..., Any]

REST_S = 2.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


def over(connection: ValkeyConnection, clock: Clock) -> MemorystoreCache:
    return MemorystoreCache(connection, Breaker(failures=3, rest_s=REST_S, now=clock), clock)


@pytest.fixture
def far(connection: ValkeyConnection, clock: Clock) -> MemorystoreCache:
    return over(connection, clock)


async def test_an_entry_comes_back_with_its_value_and_its_end(far: MemorystoreCache, clock: Clock) -> None:
    entry = Entry(b"value", clock() + 60)
    assert await far.put("k", entry)
    assert await far.get("k") == entry
    assert await far.get("other") is None
    assert far.figures() == MemorystoreFigures(hits=1, misses=1)


async def test_an_empty_value_is_a_hit(far: MemorystoreCache, clock: Clock) -> None:
    await far.put("k", Entry(b"", clock() + 60))
    assert await far.get("k") == Entry(b"", clock() + 60)


async def test_an_entry_that_has_ended_by_our_clock_is_a_miss_though_the_server_still_has_it(
    far: MemorystoreCache, clock: Clock
) -> None:
    await far.put("k", Entry(b"value", clock() + 60))
    clock.tick(60)
    assert await far.get("k") is None
    assert far.figures() == MemorystoreFigures(misses=1)


async def test_the_server_drops_an_entry_at_its_end(far: MemorystoreCache, clock: Clock, connection: ValkeyConnection) -> None:
    await far.put("k", Entry(b"value", clock() + 60))
    (left_ms,) = await connection.evaluate("return {redis.call('PTTL', KEYS[1])}", NAMESPACE + "k")
    assert 59_000 < left_ms <= 60_000


async def test_many_entries_are_kept_each_until_its_own_end(
    far: MemorystoreCache, clock: Clock, connection: ValkeyConnection
) -> None:
    entries = {"a": Entry(b"1", clock() + 10), "b": Entry(b"2", clock() + 1_000), "over": Entry(b"3", clock())}
    assert await far.put_many(entries)
    assert [await far.get(key) for key in ("a", "b", "over")] == [entries["a"], entries["b"], None]
    (left_ms,) = await connection.evaluate("return {redis.call('PTTL', KEYS[1])}", NAMESPACE + "b")
    assert left_ms > 990_000


async def test_nothing_that_has_ended_is_sent(far: MemorystoreCache, clock: Clock) -> None:
    assert not await far.put("k", Entry(b"value", clock() - 1))
    assert not await far.put_many({})
    assert far.figures() == MemorystoreFigures()


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"plain text",
        b"ION\x01",
        pickle.dumps({"content": "hi"}),
        pack("other", Entry(b"value", 2_000_000.0)),
        pack("k", Entry(b"value", 2_000_000.0)).replace(b"ION\x01", b"ION\x02"),
        pack("k", Entry(b"value", 2_000_000.0)).replace(b"value", b"valuf"),
    ],
    ids=["empty", "text", "short", "pickle", "of another key", "of another version", "damaged"],
)
async def test_what_is_no_whole_entry_of_this_key_is_a_miss_and_counted(
    far: MemorystoreCache, connection: ValkeyConnection, stored: bytes
) -> None:
    await connection.set(NAMESPACE + "k", stored, ttl_ms=60_000)
    assert await far.get("k") is None
    assert far.figures() == MemorystoreFigures(misses=1, damaged=1)


async def test_an_entry_without_an_end_is_a_miss(far: MemorystoreCache, connection: ValkeyConnection) -> None:
    await connection.set(NAMESPACE + "k", pack("k", Entry(b"value", float("nan"))), ttl_ms=60_000)
    assert await far.get("k") is None


async def test_a_key_of_another_type_is_a_miss_and_is_taken_over_by_the_next_value(
    far: MemorystoreCache, clock: Clock, connection: ValkeyConnection
) -> None:
    await connection.evaluate("return {redis.call('LPUSH', KEYS[1], 'x')}", NAMESPACE + "k")
    for _ in range(5):
        assert await far.get("k") is None
    assert far.figures() == MemorystoreFigures(misses=5, damaged=5, refused=5)
    assert not far.resting
    assert await far.put("k", Entry(b"value", clock() + 60))
    assert await far.get("k")


async def test_a_full_server_keeps_nothing_more_and_still_gives_what_it_has(
    connect: Connect, breakable: Breakable, clock: Clock
) -> None:
    server = breakable()
    far = over(connect(server.url), clock)
    await far.put("k", Entry(b"value", clock() + 60))
    server.ask("CONFIG", "SET", "maxmemory-policy", "noeviction")
    server.ask("CONFIG", "SET", "maxmemory", "1")
    for _ in range(5):
        assert not await far.put("new", Entry(b"value", clock() + 60))
    assert await far.get("k")
    assert far.figures() == MemorystoreFigures(hits=1, refused=5)


async def test_a_server_that_is_away_is_asked_three_times_and_then_left_alone(
    connect: Connect, breakable: Breakable, clock: Clock
) -> None:
    server = breakable()
    far = over(connect(server.url), clock)
    entry = Entry(b"value", clock() + 60)
    await far.put("k", entry)
    server.kill()
    for _ in range(10):
        assert await far.get("k") is None
    assert not await far.put("k", entry)
    assert far.figures() == MemorystoreFigures(failures=3, skipped=8)
    assert far.resting
    assert not await far.reachable()


async def test_it_is_used_again_within_5_seconds_of_its_return(connect: Connect, breakable: Breakable, clock: Clock) -> None:
    server = breakable()
    far = over(connect(server.url), clock)
    entry = Entry(b"value", clock() + 60)
    server.kill()
    for _ in range(4):
        await far.get("k")
    clock.tick(REST_S)
    assert await far.get("k") is None  # the probe, and it fails
    server.start_again()
    assert not await far.put("k", entry)
    clock.tick(REST_S)
    assert await far.put("k", entry)
    assert await far.get("k") == entry
    assert not far.resting


async def test_a_paused_server_is_left_alone_and_used_again_when_it_goes_on(
    connect: Connect, breakable: Breakable, clock: Clock
) -> None:
    server = breakable()
    far = over(connect(server.url, timeout_s=0.1), clock)
    entry = Entry(b"value", clock() + 60)
    assert await far.put("k", entry)
    with server.paused():
        assert [await far.get("k") for _ in range(6)] == [None] * 6
    assert far.figures().skipped == 3
    clock.tick(REST_S)
    assert await far.get("k") == entry


async def test_a_health_check_that_is_answered_ends_the_rest_and_is_no_traffic(
    connect: Connect, breakable: Breakable, clock: Clock
) -> None:
    server = breakable()
    far = over(connect(server.url), clock)
    server.kill()
    for _ in range(3):
        await far.get("k")
    server.start_again()
    assert await far.reachable()
    assert not far.resting
    assert far.figures() == MemorystoreFigures(failures=3)


async def test_garbage_is_a_failure_and_never_an_error(connect: Connect, garbage: Callable[[bytes], Any], clock: Clock) -> None:
    async with garbage(b":abc\r\n") as url:
        connection = connect(url)
        far = over(connection, clock)
        assert await far.get("k") is None
        assert not await far.put_many({"a": Entry(b"1", clock() + 9), "b": Entry(b"2", clock() + 9)})
        assert not await far.reachable()
        assert far.figures() == MemorystoreFigures(failures=2)
        await connection.close()
