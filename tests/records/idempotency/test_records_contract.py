"""What every store of requests that may come twice does: one body for all of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.records.idempotency.firestore import FirestoreRecords
from ion_mentoring.records.idempotency.protocol import RETENTION, Claim, Record, Records
from ion_mentoring.records.idempotency.sqlite import SqliteRecords
from ion_mentoring.wiring.stores import sqlite_database
from tests.real_parts.firestore import patient

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HELD = timedelta(seconds=5)
ADAPTERS = ["sqlite in memory", "sqlite in a file", "firestore"]
WANTED = Record("body", "e-1", NOON + HELD)


@dataclass
class Clock:
    time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time


Connect = Callable[[], Records]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=ADAPTERS)
async def connect(request: pytest.FixtureRequest, clock: Clock, tmp_path: Path) -> AsyncIterator[Connect]:
    """Makes one more instance over the same store, as another function instance would."""
    if request.param == "firestore":
        project = request.getfixturevalue("firestore_project")
        yield lambda: FirestoreRecords(patient(project), clock)
        return
    in_memory = request.param == "sqlite in memory"
    opened = [sqlite_database(":memory:" if in_memory else str(tmp_path / "ion.sqlite3"))]

    def another() -> Records:
        if not in_memory:
            opened.append(sqlite_database(str(tmp_path / "ion.sqlite3")))
        return SqliteRecords(opened[-1], clock)

    yield another
    for database in opened:
        await database.close()


@pytest.fixture
def records(connect: Connect) -> Records:
    return connect()


async def claimed(records: Records, wanted: Record = WANTED, name: str = "n-1") -> Claim:
    claim = await records.claim(name, wanted)
    assert isinstance(claim, Claim), "it is held, or answered"
    return claim


async def test_who_comes_first_claims_and_the_others_hear_what_stands(connect: Connect) -> None:
    first, second = connect(), connect()
    assert (await claimed(first)).record == WANTED
    assert await second.claim("n-1", replace(WANTED, entry="e-2")) == WANTED
    assert await second.claim("n-1", replace(WANTED, fingerprint="another body")) == WANTED


async def test_of_many_at_once_one_claims(connect: Connect) -> None:
    instances = [connect(), connect()]
    outcomes = await asyncio.gather(
        *(instances[number % 2].claim("n-1", replace(WANTED, entry=f"e-{number}")) for number in range(10))
    )
    claims = [outcome for outcome in outcomes if isinstance(outcome, Claim)]
    assert len(claims) == 1
    assert {outcome for outcome in outcomes if isinstance(outcome, Record)} == {claims[0].record}


async def test_names_are_apart(records: Records) -> None:
    await claimed(records)
    await claimed(records, name="n-2")


@pytest.mark.parametrize("answer", [b"", b"\0\xff", b"a" * 900_000], ids=["empty", "any bytes", "900 kB"])
async def test_an_answer_comes_back_as_it_was(connect: Connect, answer: bytes) -> None:
    claim = await claimed(connect())
    answered = replace(claim.record, answer=answer)
    assert await connect().update(claim, answered)
    assert await connect().claim("n-1", WANTED) == answered


async def test_what_is_held_can_be_held_longer(records: Records, clock: Clock) -> None:
    claim = await claimed(records)
    longer = await records.update(claim, replace(claim.record, held_until=NOON + 2 * HELD))
    assert longer
    clock.time = NOON + HELD
    assert isinstance(await records.claim("n-1", WANTED), Record)
    assert await records.update(longer, replace(longer.record, answer=b"a"))


async def test_what_nobody_holds_any_more_is_claimed_again_by_the_same_body_and_keeps_its_entry(
    connect: Connect, clock: Clock
) -> None:
    await claimed(connect())
    clock.time = NOON + HELD
    later = Record("body", "e-2", clock.time + HELD)
    assert isinstance(await connect().claim("n-1", replace(later, fingerprint="another body")), Record)
    assert (await claimed(connect(), later)).record == replace(later, entry="e-1")


async def test_of_many_who_claim_again_at_once_one_does(connect: Connect, clock: Clock) -> None:
    instances = [connect(), connect()]
    await claimed(instances[0])
    clock.time = NOON + HELD
    later = replace(WANTED, held_until=clock.time + HELD)
    outcomes = await asyncio.gather(*(instances[number % 2].claim("n-1", later) for number in range(6)))
    assert sum(isinstance(outcome, Claim) for outcome in outcomes) == 1


async def test_who_lost_its_claim_changes_nothing_any_more(connect: Connect, clock: Clock) -> None:
    lost = await claimed(connect())
    clock.time = NOON + HELD
    claim = await claimed(connect(), replace(WANTED, held_until=clock.time + HELD))
    assert await connect().update(lost, replace(lost.record, answer=b"late")) is None
    assert await connect().update(claim, replace(claim.record, answer=b"in time"))
    standing = await connect().claim("n-1", WANTED)
    assert isinstance(standing, Record)
    assert standing.answer == b"in time"


async def test_a_record_is_kept_for_a_day_and_not_a_moment_longer(records: Records, clock: Clock) -> None:
    assert timedelta(hours=24) == RETENTION
    claim = await claimed(records)
    clock.time = NOON + timedelta(seconds=1)
    await records.update(claim, replace(claim.record, answer=b"a"))
    clock.time += RETENTION - timedelta(microseconds=1)
    assert isinstance(await records.claim("n-1", WANTED), Record)
    clock.time += timedelta(microseconds=1)
    fresh = Record("another body", "e-9", clock.time + HELD)
    assert (await claimed(records, fresh)).record == fresh, "a day later it is another request, with an entry of its own"


async def test_a_record_of_another_process_that_is_gone_is_not_written(records: Records) -> None:
    claim = await claimed(records)
    assert await records.update(replace(claim, name="n-2"), claim.record) is None


async def test_the_next_claim_drops_expired_rows_from_sqlite(clock: Clock) -> None:
    database = sqlite_database(":memory:")
    records = SqliteRecords(database, clock)
    await claimed(records)
    clock.time = NOON + RETENTION
    await claimed(records, name="n-2")
    assert await database.read("SELECT name FROM requests") == [("n-2",)]
    await database.close()


async def test_firestore_keeps_when_a_record_expires_for_its_policy(firestore_project: str, clock: Clock) -> None:
    documents = patient(firestore_project)
    records = FirestoreRecords(documents, clock)
    claim = await claimed(records)
    clock.time = NOON + timedelta(hours=1)
    await records.update(claim, replace(claim.record, answer=b"a"))
    assert [one["expires_at"] for one in await documents.all("requests")] == [clock.time + RETENTION]


async def test_a_record_that_changes_all_the_time_is_unavailable() -> None:
    class Restless:
        """Documents that are there when one is created, and gone when it is read."""

        async def added(self, *_: object) -> None:
            return None

        async def versioned(self, *_: object) -> None:
            return None

    with pytest.raises(StoreUnavailable):
        await FirestoreRecords(Restless(), lambda: NOON).claim("n-1", WANTED)  # type: ignore[arg-type]
