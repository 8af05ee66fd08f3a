"""L2 gives what was kept, calls everything else a miss, and counts why."""

import asyncio
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from ion_mentoring.caching.entry import Entry
from ion_mentoring.caching.envelope import Envelopes
from ion_mentoring.caching.epochs import Epochs
from ion_mentoring.caching.guarded import NAMESPACE
from ion_mentoring.caching.memorystore import EPOCHS, MemorystoreCache, MemorystoreFigures
from ion_mentoring.errors import CacheUnavailable
from tests.caching.tiers import REST_S, SECRET, far_tier
from tests.fakes import Clock

Connect = Callable[..., ValkeyConnection]
Breakable = Callable[..., Any]

AT = f"{NAMESPACE}{{k}}"
END = 2_000_000.0


def entry_of(clock: Clock, value: bytes = b"value", ttl_s: float = 60) -> Entry:
    return Entry(value, clock() + ttl_s, clock() + ttl_s / 2)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def far(connection: ValkeyConnection, clock: Clock) -> MemorystoreCache:
    return far_tier(connection, clock)


def counted(far: MemorystoreCache) -> MemorystoreFigures:
    return replace(far.figures(), round_trips=0)


async def test_an_entry_comes_back_with_its_value_and_its_end(far: MemorystoreCache, clock: Clock) -> None:
    entry = entry_of(clock)
    assert await far.put("k", entry)
    assert await far.get("k") == entry
    assert await far.get("other") is None
    assert counted(far) == MemorystoreFigures(hits=1, misses=1)


async def test_an_empty_value_is_a_hit(far: MemorystoreCache, clock: Clock) -> None:
    await far.put("k", entry_of(clock, b""))
    assert await far.get("k") == entry_of(clock, b"")


async def test_what_is_read_at_the_same_time_shares_a_round_trip(far: MemorystoreCache, clock: Clock) -> None:
    for number in range(50):
        await far.put(str(number), entry_of(clock, str(number).encode()))
    await far.verify()
    before = far.figures().round_trips
    entries = await asyncio.gather(*(far.get(str(number)) for number in range(50)))
    assert [entry.value for entry in entries if entry] == [str(number).encode() for number in range(50)]
    assert far.figures().round_trips == before + 1


async def test_an_entry_that_has_ended_by_our_clock_is_a_miss_though_the_server_still_has_it(
    far: MemorystoreCache, clock: Clock
) -> None:
    await far.put("k", entry_of(clock))
    clock.tick(60)
    assert await far.get("k") is None
    assert counted(far) == MemorystoreFigures(misses=1)


async def test_the_server_drops_an_entry_at_its_end(far: MemorystoreCache, clock: Clock, connection: ValkeyConnection) -> None:
    await far.put("k", entry_of(clock))
    (left_ms,) = await connection.evaluate("return {redis.call('PTTL', KEYS[1])}", AT)
    assert 59_000 < left_ms <= 60_000


async def test_nothing_that_has_ended_is_sent(far: MemorystoreCache, clock: Clock) -> None:
    assert not await far.put("k", entry_of(clock, ttl_s=-1))
    assert far.figures() == MemorystoreFigures()


PACKED = Envelopes(SECRET).pack("k", Entry(b"value", END, END))


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"plain text",
        b"ION\x02",
        pickle.dumps({"content": "hi"}),
        Envelopes(SECRET).pack("other", Entry(b"value", END, END)),
        Envelopes(b"other").pack("k", Entry(b"value", END, END)),
        PACKED.replace(b"ION\x02", b"ION\x03"),
        PACKED[:-1] + bytes([PACKED[-1] ^ 1]),
    ],
    ids=["empty", "text", "short", "pickle", "of another key", "of another secret", "of another version", "damaged"],
)
async def test_what_is_no_whole_entry_of_this_key_is_a_miss_and_counted(
    far: MemorystoreCache, connection: ValkeyConnection, stored: bytes
) -> None:
    await connection.set(AT, stored, ttl_ms=60_000)
    assert await far.get("k") is None
    assert counted(far) == MemorystoreFigures(misses=1, damaged=1)


async def test_an_entry_without_an_end_is_a_miss(far: MemorystoreCache, connection: ValkeyConnection) -> None:
    await connection.set(AT, Envelopes(SECRET).pack("k", Entry(b"value", float("nan"), 0)), ttl_ms=60_000)
    assert await far.get("k") is None


async def test_nothing_of_a_value_can_be_read_on_the_server(
    far: MemorystoreCache, clock: Clock, connection: ValkeyConnection
) -> None:
    await far.put("k", entry_of(clock, "무엇이든".encode()))
    assert "무엇이든".encode() not in (await connection.get(AT) or b"")


async def test_a_key_of_another_type_is_a_miss_and_is_taken_over_by_the_next_value(
    far: MemorystoreCache, clock: Clock, connection: ValkeyConnection
) -> None:
    await connection.evaluate("return {redis.call('LPUSH', KEYS[1], 'x')}", AT)
    assert await far.get("k") is None
    assert not far.guard.resting
    assert await far.put("k", entry_of(clock))
    assert await far.get("k")


async def test_junk_in_place_of_the_epochs_is_replaced(
    far: MemorystoreCache, clock: Clock, connection: ValkeyConnection
) -> None:
    await far.put("k", entry_of(clock))
    await connection.set(EPOCHS, b"junk", ttl_ms=60_000)
    assert await far.get("k")
    assert b"era" in (await connection.get(EPOCHS) or b"")


async def test_epochs_of_another_type_leave_reads_without_an_answer_and_nobody_with_an_error(
    far: MemorystoreCache, clock: Clock, connection: ValkeyConnection
) -> None:
    await connection.evaluate("return {redis.call('LPUSH', KEYS[1], 'x')}", EPOCHS)
    await far.put("k", entry_of(clock))
    assert await far.get("k") is None
    with pytest.raises(CacheUnavailable):
        await far.invalidate("*")


async def test_an_owners_entries_are_gone_with_the_owner_and_no_others(far: MemorystoreCache, clock: Clock) -> None:
    for owner in ("ann", "bob"):
        await far.put(f"of-{owner}", entry_of(clock), owner)
    await far.put("anybodys", entry_of(clock))
    await far.forget("ann")
    assert await far.get("of-ann", "ann") is None
    assert await far.get("of-bob", "bob")
    assert await far.get("anybodys")
    await far.put("of-ann-2", entry_of(clock), "ann")
    assert await far.get("of-ann", "ann") is None  # a new salt opens nothing old
    assert await far.get("of-ann-2", "ann")


async def test_one_lease_at_a_time_with_growing_tokens(far: MemorystoreCache) -> None:
    first = await far.acquire("k", 5)
    assert first
    assert await far.acquire("k", 5) == 0
    assert await far.awaited("k") == (None, True)
    await far.release("k", first)
    second = await far.acquire("k", 5)
    assert second
    assert second > first
    assert await far.renew("k", second, 5)
    assert not await far.renew("k", first, 5)
    await far.release("k", first)  # a stranger's: it stays
    assert await far.acquire("k", 5) == 0


async def test_who_dies_frees_the_key(far: MemorystoreCache) -> None:
    assert await far.acquire("k", 0.05)
    await asyncio.sleep(0.08)
    assert await far.acquire("k", 5)


async def test_what_is_kept_under_a_lost_lease_is_refused(far: MemorystoreCache, clock: Clock) -> None:
    frozen = await far.acquire("k", 0.05)
    await asyncio.sleep(0.08)
    other = await far.acquire("k", 5)
    assert frozen
    assert other
    assert not await far.put("k", entry_of(clock, b"late"), token=frozen)
    assert await far.put("k", entry_of(clock, b"right"), token=other)
    assert not await far.put("k", entry_of(clock, b"late"), token=frozen)
    entry, held = await far.awaited("k")
    assert entry is not None
    assert (entry.value, held) == (b"right", False)


async def test_a_full_server_keeps_nothing_more_and_still_gives_what_it_has(
    connect: Connect, breakable: Breakable, clock: Clock
) -> None:
    server = breakable()
    far = far_tier(connect(server.url), clock)
    await far.put("k", entry_of(clock))
    await far.verify()
    server.ask("CONFIG", "SET", "maxmemory-policy", "noeviction")
    server.ask("CONFIG", "SET", "maxmemory", "1")
    for _ in range(5):
        assert not await far.put("new", entry_of(clock))
    assert await far.get("k")
    assert counted(far) == MemorystoreFigures(hits=1, refused=5)


async def test_a_server_that_is_away_is_asked_three_times_and_then_left_alone(
    connect: Connect, breakable: Breakable, clock: Clock
) -> None:
    server = breakable()
    far = far_tier(connect(server.url), clock)
    await far.put("k", entry_of(clock))
    server.kill()
    for _ in range(10):
        assert await far.get("k") is None
    assert not await far.put("k", entry_of(clock))
    assert await far.acquire("k", 5) is None
    assert await far.awaited("k") == (None, False)
    assert counted(far) == MemorystoreFigures(failures=3, skipped=10)
    assert far.guard.resting
    assert not await far.guard.reachable()
    with pytest.raises(CacheUnavailable):
        await far.invalidate("*")
    with pytest.raises(CacheUnavailable):
        await far.forget("ann")


async def test_it_is_used_again_within_5_seconds_of_its_return(connect: Connect, breakable: Breakable, clock: Clock) -> None:
    server = breakable()
    far = far_tier(connect(server.url), clock)
    entry = entry_of(clock)
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
    assert not far.guard.resting


async def test_a_paused_server_is_left_alone_and_used_again_when_it_goes_on(
    connect: Connect, breakable: Breakable, clock: Clock
) -> None:
    server = breakable()
    far = far_tier(connect(server.url, timeout_s=0.1), clock)
    assert await far.put("k", entry_of(clock))
    with server.paused():
        assert [await far.get("k") for _ in range(6)] == [None] * 6
    assert far.figures().skipped == 3
    clock.tick(REST_S)
    assert await far.get("k")


async def test_a_health_check_that_is_answered_ends_the_rest_and_is_no_traffic(
    connect: Connect, breakable: Breakable, clock: Clock
) -> None:
    server = breakable()
    far = far_tier(connect(server.url), clock)
    server.kill()
    for _ in range(3):
        await far.get("k")
    server.start_again()
    assert await far.guard.reachable()
    assert not far.guard.resting
    assert counted(far) == MemorystoreFigures(failures=3)


async def test_garbage_is_a_failure_and_never_an_error(connect: Connect, garbage: Callable[[bytes], Any], clock: Clock) -> None:
    async with garbage(b":abc\r\n") as url:
        connection = connect(url)
        far = far_tier(connection, clock, Epochs(5, clock))
        assert await far.get("k") is None
        assert not await far.put("k", entry_of(clock))
        assert not await far.guard.reachable()
        assert counted(far) == MemorystoreFigures(failures=2)
        await connection.close()
