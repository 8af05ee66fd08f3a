"""What every store of the audit log does: one body for all of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ion_mentoring.backends.firestore import Documents
from ion_mentoring.errors import StoreRefused, StoreUnavailable
from ion_mentoring.local.parts import free_port
from ion_mentoring.records.audit.firestore import FirestoreAuditRecords
from ion_mentoring.records.audit.protocol import AuditRecords
from ion_mentoring.records.audit.record import RETENTION, AuditRecord, Head, day_of, kept_until
from ion_mentoring.records.audit.sqlite import SqliteAuditRecords
from ion_mentoring.wiring.stores import sqlite_database
from tests.real_parts.firestore import patient

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ONE = AuditRecord(
    key="k",
    mark="m1",
    day="2026-01-01",
    writer="local-a1",
    number=1,
    at="2026-01-01T12:00:00.000+00:00",
    kind="key_created",
    outcome="done",
    who="0a",
    tenant="acme",
    roles=["admin"],
    address="0b",
    path="/api/v2/api-keys",
    target="0c",
    target_tenant="acme",
    facts={"role": "service"},
    previous="",
)
TWO = replace(ONE, number=2, mark="m2", previous="m1", target=None, facts={})


@dataclass
class Clock:
    time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "firestore"])
async def records(request: pytest.FixtureRequest, clock: Clock, tmp_path: Path) -> AsyncIterator[AuditRecords]:
    if request.param == "firestore":
        yield FirestoreAuditRecords(patient(request.getfixturevalue("firestore_project")))
        return
    database = sqlite_database(str(tmp_path / "ion.sqlite3"))
    yield SqliteAuditRecords(database, clock)
    await database.close()


async def test_records_are_there_in_their_places_as_they_were_and_the_last_is_the_head(records: AuditRecords) -> None:
    other = replace(ONE, writer="local-b2", mark="m9")
    await records.append([ONE, TWO])
    await records.append([other])
    there = await records.of_day("2026-01-01")
    assert {place: AuditRecord.of(text) for place, text in there.items()} == {one.place: one for one in (ONE, TWO, other)}
    assert await records.heads("2026-01-01", "2026-01-02") == (
        Head("2026-01-01", "local-a1", 2, "m2"),
        Head("2026-01-01", "local-b2", 1, "m9"),
    )
    assert await records.of_day("2026-01-02") == {}
    assert await records.heads("2026-01-02", "2026-01-03") == ()


async def test_what_was_kept_is_kept_again_without_a_change(records: AuditRecords) -> None:
    await records.append([ONE])
    await records.append([ONE, TWO])
    await records.append([ONE, TWO])
    assert len(await records.of_day(ONE.day)) == 2
    assert [head.number for head in await records.heads(ONE.day, ONE.day)] == [2]


async def test_nothing_is_written_over_what_stands_in_a_place(records: AuditRecords) -> None:
    await records.append([ONE])
    with pytest.raises(StoreRefused):
        await records.append([replace(ONE, outcome="FORBIDDEN"), TWO])
    assert [AuditRecord.of(text) for text in (await records.of_day(ONE.day)).values()] == [ONE]


async def test_a_day_has_one_anchor(records: AuditRecords) -> None:
    assert await records.last_anchor() is None
    assert await records.anchor("2026-01-02", "second")
    assert await records.anchor("2026-01-01", "first")
    assert not await records.anchor("2026-01-01", "another")
    assert list((await records.anchors()).items()) == [("2026-01-01", "first"), ("2026-01-02", "second")]
    assert await records.last_anchor() == ("2026-01-02", "second")


async def test_a_store_that_is_gone_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    for gone in (
        FirestoreAuditRecords(Documents("test-nobody", timeout_s=0.3)),
        SqliteAuditRecords(sqlite_database(str(tmp_path)), lambda: NOON),
    ):
        with pytest.raises(StoreUnavailable):
            await gone.append([ONE])


async def test_a_day_is_kept_for_two_years_and_goes_as_a_whole(clock: Clock) -> None:
    database = sqlite_database(":memory:")
    records = SqliteAuditRecords(database, clock)
    await records.append([ONE])
    await records.anchor(ONE.day, "first")
    clock.time = kept_until(ONE.day) - timedelta(seconds=1)
    await records.anchor(day_of(clock.time), "later")
    assert await records.of_day(ONE.day)
    clock.time = kept_until(ONE.day)
    await records.anchor(day_of(clock.time), "last")
    assert (await records.of_day(ONE.day), await records.heads(ONE.day, ONE.day)) == ({}, ())
    assert ONE.day not in await records.anchors()
    assert timedelta(days=730) <= RETENTION <= timedelta(days=732)
    await database.close()
