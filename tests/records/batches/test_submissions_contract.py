"""What every store of batches does: one body for all of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ion_mentoring.mentoring.batching.lanes import planned
from ion_mentoring.records.batches.firestore_submissions import FirestoreSubmissions
from ion_mentoring.records.batches.sqlite_submissions import SqliteSubmissions
from ion_mentoring.records.batches.submissions import Batch, Chunk, Lane, Notice, Owner, Submissions, SubmittedItem
from ion_mentoring.records.batches.words import BatchWords
from ion_mentoring.records.user_keys.firestore import FirestoreKeyStore
from ion_mentoring.records.user_keys.sqlite import SqliteKeyStore
from ion_mentoring.wiring.stores import sqlite_database
from tests.real_parts.firestore import patient
from tests.records.keyrings import keyring

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ACME = Owner("default", "key:acme", ("service",), 1_000)
ID = f"batch_{'a' * 26}"

Connect = Callable[[], Submissions]


@dataclass
class Clock:
    time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite in memory", "sqlite in a file", "firestore"])
async def connect(request: pytest.FixtureRequest, clock: Clock, tmp_path: Path) -> AsyncIterator[Connect]:
    """Makes one more instance over the same store, as another function instance would."""
    if request.param == "firestore":
        project = request.getfixturevalue("firestore_project")
        documents = patient(project)
        yield lambda: FirestoreSubmissions(documents, clock, BatchWords(keyring(FirestoreKeyStore(documents))))
        return
    in_memory = request.param == "sqlite in memory"
    opened = [sqlite_database(":memory:" if in_memory else str(tmp_path / "ion.sqlite3"))]

    def another() -> Submissions:
        if not in_memory:
            opened.append(sqlite_database(str(tmp_path / "ion.sqlite3")))
        return SqliteSubmissions(opened[-1], clock, BatchWords(keyring(SqliteKeyStore(opened[-1]))))

    yield another
    for database in opened:
        await database.close()


@pytest.fixture
def kept(connect: Connect) -> Submissions:
    return connect()


def a_batch(batch_id: str = ID, total: int = 30, owner: Owner = ACME, at: datetime = NOON) -> Batch:
    return Batch(batch_id, owner, total, at, at + timedelta(days=30), name="저녁", country="KR")


def parts(total: int = 30, round: int = 0) -> tuple[tuple[Chunk, ...], tuple[Lane, ...]]:
    items = [SubmittedItem(place, f"id/{place}", {"user_input": f"질문 {place}"}) for place in range(1, total + 1)]
    return planned(items, NOON, at_most=2, round=round)


async def test_a_batch_comes_back_as_it_was_with_all_its_items(kept: Submissions) -> None:
    chunks, lanes = parts()
    assert await kept.create(a_batch(), chunks, lanes)
    found = await kept.get(ID)
    assert found is not None
    assert replace(found, version="") == a_batch()
    assert sorted(await kept.lanes(ID), key=lambda lane: lane.id) == list(lanes)
    assert [await kept.chunk(ID, chunk.lane, chunk.number) for chunk in chunks] == list(chunks)
    assert await kept.names(ID) == {place: f"id/{place}" for place in range(1, 31)}
    assert await kept.outbox() == (ID,)


async def test_what_never_was_is_not_there(kept: Submissions) -> None:
    assert await kept.get(ID) is None
    assert await kept.lane(ID, "0-0") is None
    assert await kept.chunk(ID, "0-0", 0) is None
    assert (await kept.lanes(ID), await kept.outbox(), await kept.listed(ACME, 10)) == ((), (), ())
    await kept.settled(ID)


async def test_a_batch_is_created_once(connect: Connect) -> None:
    outcomes = await asyncio.gather(*(connect().create(a_batch(), *parts()) for _ in range(3)))
    assert sorted(outcomes) == [False, False, True]


async def test_a_large_batch_is_kept_whole(kept: Submissions) -> None:
    text = "가" * 4_000
    items = [SubmittedItem(place, str(place), {"user_input": text}) for place in range(1, 701)]
    chunks, lanes = planned(items, NOON, at_most=16)
    assert await kept.create(a_batch(total=700), chunks, lanes)
    found = [await kept.chunk(ID, chunk.lane, chunk.number) for chunk in chunks]
    assert found == list(chunks)


async def test_of_two_who_write_a_batch_one_wins(kept: Submissions) -> None:
    await kept.create(a_batch(), *parts())
    standing = await kept.get(ID)
    assert standing is not None
    ended = await kept.update(replace(standing, state="completed", notice=Notice(NOON), counts={"answered": 30}))
    assert ended is not None
    assert await kept.update(replace(standing, state="cancelled")) is None
    assert await kept.get(ID) == ended
    assert await kept.update(replace(ended, notice=Notice(NOON, tries=1))) is not None


async def test_of_two_who_move_a_lane_one_wins(kept: Submissions) -> None:
    await kept.create(a_batch(), *parts())
    lane = await kept.lane(ID, "0-0")
    assert lane is not None
    moved = await kept.move(ID, replace(lane, next=1, holder="me", held_until=NOON))
    assert moved is not None
    assert await kept.move(ID, replace(lane, holder="another")) is None
    assert await kept.lane(ID, "0-0") == moved
    assert await kept.move(ID, replace(moved, holder=None)) is not None


async def test_a_batch_goes_on_with_more_lanes(kept: Submissions) -> None:
    await kept.create(a_batch(), *parts())
    standing = await kept.get(ID)
    assert standing is not None
    await kept.settled(ID)
    assert await kept.outbox() == ()
    chunks, lanes = parts(3, round=1)
    assert await kept.resume(replace(standing, round=1), chunks, lanes)
    assert not await kept.resume(replace(standing, round=1), *parts(3, round=2))
    assert await kept.outbox() == (ID,)
    assert {lane.id for lane in await kept.lanes(ID)} == {"0-0", "0-1", "1-0"}
    assert await kept.chunk(ID, "1-0", 0) == chunks[0]


async def test_an_owner_has_its_own_batches_newest_first(kept: Submissions) -> None:
    other = replace(ACME, tenant="other")
    for number, owner in enumerate((ACME, ACME, other, ACME)):
        batch = a_batch(f"batch_{'abcd'[number] * 26}", owner=owner, at=NOON + timedelta(minutes=number))
        await kept.create(batch, *parts(1))
    assert [batch.id[6] for batch in await kept.listed(ACME, 10)] == ["d", "b", "a"]
    assert [batch.id[6] for batch in await kept.listed(ACME, 2)] == ["d", "b"]
    assert [batch.id[6] for batch in await kept.listed(other, 10)] == ["c"]


async def test_a_batch_is_there_until_it_expires(kept: Submissions, clock: Clock) -> None:
    await kept.create(a_batch(), *parts(1))
    clock.time = NOON + timedelta(days=30)
    assert await kept.get(ID) is None
    assert (await kept.listed(ACME, 10), await kept.outbox()) == ((), ())


async def test_the_next_batch_drops_expired_rows_from_sqlite(clock: Clock) -> None:
    database = sqlite_database(":memory:")
    kept = SqliteSubmissions(database, clock, BatchWords(keyring(SqliteKeyStore(database))))
    await kept.create(a_batch(), *parts(1))
    clock.time = NOON + timedelta(days=30)
    await kept.create(a_batch(f"batch_{'b' * 26}", at=clock.time), *parts(1))
    for table in ("batch_lanes", "batch_chunks"):
        assert await database.read(f"SELECT DISTINCT batch FROM {table}") == [(f"batch_{'b' * 26}",)]
    assert await database.read("SELECT count(*) FROM batches") == [(1,)]
    await database.close()
