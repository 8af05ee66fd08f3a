"""Why an answer came from whom it came is kept for a day, for its owner alone, and in L2 nobody can read it."""

import asyncio

import pytest

from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from ion_mentoring.caching import explanations as module
from ion_mentoring.caching.explanations import KEPT_S, SEND_EVERY_S, Explained, Explanations
from ion_mentoring.caching.memorystore import MemorystoreCache
from ion_mentoring.sealing.keys import CacheKeys
from tests.caching.tiers import far_tier
from tests.fakes import Clock

RECORD = b'{"persona":"lua"}'


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def far(connection: ValkeyConnection, clock: Clock) -> MemorystoreCache:
    return far_tier(connection, clock)


def instance(far: MemorystoreCache | None, clock: Clock) -> Explanations:
    return Explanations(far, CacheKeys(b"secret"), clock)


async def settled() -> None:
    """Until what was begun in the background is done."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others)


async def test_another_instance_knows_it(far: MemorystoreCache, clock: Clock) -> None:
    instance(far, clock).tell("web", "r1", RECORD)
    await settled()
    assert await instance(far, clock).find("web", "r1") == Explained(RECORD, clock.now)


@pytest.mark.parametrize(("owner", "request_id"), [("form", "r1"), ("web", "r2"), ("", "r1"), ("we", "br1")])
async def test_nobody_else_and_no_other_answer_has_it(far: MemorystoreCache, clock: Clock, owner: str, request_id: str) -> None:
    own = instance(far, clock)
    own.tell("web", "r1", RECORD)
    await settled()
    assert await own.find(owner, request_id) is None
    assert await instance(far, clock).find(owner, request_id) is None


async def test_it_ends_with_its_day(far: MemorystoreCache, clock: Clock) -> None:
    own = instance(far, clock)
    own.tell("web", "r1", RECORD)
    await settled()
    clock.tick(KEPT_S - 1)
    assert await own.find("web", "r1")
    clock.tick(1)
    assert await own.find("web", "r1") is None
    assert await instance(far, clock).find("web", "r1") is None


async def test_many_answers_are_sent_together(far: MemorystoreCache, clock: Clock) -> None:
    own, other = instance(far, clock), instance(far, clock)
    own.tell("web", "r0", RECORD)
    await settled()
    for number in range(1, 50):
        own.tell("web", f"r{number}", RECORD)
    await settled()
    assert await other.find("web", "r0"), "the first goes at once"
    assert await other.find("web", "r49") is None, "the others wait"
    clock.tick(SEND_EVERY_S)
    own.tell("web", "last", b"{}")
    await settled()
    assert await other.find("web", "r49") == Explained(RECORD, clock.now - SEND_EVERY_S)
    assert await other.find("web", "last") == Explained(b"{}", clock.now)


async def test_the_server_learns_neither_who_nor_what(
    far: MemorystoreCache, connection: ValkeyConnection, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bytes] = []
    set_one, set_many = connection.set, connection.set_many

    async def spied(key: str, value: bytes, *, ttl_ms: int) -> None:
        seen.extend((key.encode(), value))
        await set_one(key, value, ttl_ms=ttl_ms)

    async def spied_many(values: dict[str, bytes], *, ttl_ms: int) -> None:
        seen.extend(part for key, value in values.items() for part in (key.encode(), value))
        await set_many(values, ttl_ms=ttl_ms)

    monkeypatch.setattr(connection, "set", spied)
    monkeypatch.setattr(connection, "set_many", spied_many)
    instance(far, clock).tell("somebody", "request-1", RECORD)
    await settled()
    assert len(seen) == 4
    assert not [part for part in seen for said in (b"somebody", b"request-1", b"lua") if said in part]


async def test_without_l2_the_instance_knows_its_latest(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 2)
    own = instance(None, clock)
    for number in range(5):
        own.tell("web", f"r{number}", RECORD)
    assert [bool(await own.find("web", f"r{number}")) for number in range(5)] == [False, False, True, True, True]
    await own.send()


async def test_what_is_no_slip_is_none(far: MemorystoreCache, connection: ValkeyConnection, clock: Clock) -> None:
    own = instance(far, clock)
    await far.guard.keep({own._slip(("web", "r1")): b"garbage"}, ttl_ms=10_000)
    assert await own.find("web", "r1") is None


async def test_more_than_can_be_gathered_stays_here(
    far: MemorystoreCache, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GATHERED", 2)
    own, other = instance(far, clock), instance(far, clock)
    for number in range(4):
        own.tell("web", f"r{number}", RECORD)
    await settled()
    assert await own.find("web", "r3")
    assert await other.find("web", "r1")
    assert await other.find("web", "r3") is None
