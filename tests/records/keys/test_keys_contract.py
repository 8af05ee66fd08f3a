"""What every store of API keys does: one body for all of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ion_mentoring.backends.firestore import Documents
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.local.parts import free_port
from ion_mentoring.records.keys.firestore import FirestoreKeyRecords
from ion_mentoring.records.keys.protocol import KEPT_AFTER_END, KeyRecord, KeyRecords, SecretMark
from ion_mentoring.records.keys.sqlite import SqliteKeyRecords
from ion_mentoring.wiring.stores import sqlite_database
from tests.real_parts.firestore import patient

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
KEY = KeyRecord("k1", "acme", "the web", "service", ("ask", "many"), (SecretMark("ab" * 32),), NOON, "key:boss")
WHOLE = replace(
    KEY,
    id="k2",
    secrets=(SecretMark("cd" * 32), SecretMark("ef" * 32, NOON + timedelta(hours=1))),
    created_at=NOON + timedelta(microseconds=1),
    ends_at=NOON + timedelta(days=90),
    per_minute=5,
    monthly_tokens=1_000_000,
)


@dataclass
class Clock:
    time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


Connect = Callable[[], KeyRecords]


@pytest.fixture(params=["sqlite", "firestore"])
async def connect(request: pytest.FixtureRequest, clock: Clock, tmp_path: Path) -> AsyncIterator[Connect]:
    """Makes one more instance over the same store, as another function instance would."""
    if request.param == "firestore":
        project = request.getfixturevalue("firestore_project")
        yield lambda: FirestoreKeyRecords(patient(project))
        return
    opened = []

    def another() -> KeyRecords:
        opened.append(sqlite_database(str(tmp_path / "ion.sqlite3")))
        return SqliteKeyRecords(opened[-1], clock)

    yield another
    for database in opened:
        await database.close()


async def test_a_key_comes_back_as_it_was_kept_and_only_once(connect: Connect) -> None:
    keys = connect()
    for record in (KEY, WHOLE):
        assert await keys.add(record)
        assert not await keys.add(replace(record, name="another"))
        stored = await connect().get(record.id)
        assert stored is not None
        assert stored.record == record
    assert await keys.get("k3") is None


async def test_a_record_is_written_over_the_one_that_was_read_alone(connect: Connect) -> None:
    keys = connect()
    await keys.add(KEY)
    read = await keys.get("k1")
    assert read is not None
    revoked = replace(KEY, revoked_at=NOON)
    assert await keys.replace(read, revoked)
    assert not await connect().replace(read, replace(KEY, name="rotated before it was revoked"))
    found = await keys.get("k1")
    assert found is not None
    assert found.record == revoked


async def test_of_two_who_write_at_once_one_does(connect: Connect) -> None:
    keys = connect()
    await keys.add(KEY)
    read = await keys.get("k1")
    assert read is not None
    written = await asyncio.gather(*(connect().replace(read, replace(KEY, name=f"name {n}")) for n in range(6)))
    assert written.count(True) == 1


async def test_the_keys_of_a_tenant_are_listed_with_their_last_uses_in_order(connect: Connect) -> None:
    keys = connect()
    await keys.add(WHOLE)
    await keys.add(KEY)
    await keys.add(replace(KEY, id="k9", tenant="other"))
    for at in (NOON + timedelta(seconds=90), NOON, NOON + timedelta(seconds=61)):
        await keys.used("k1", at)
    await keys.used("k8", NOON)
    assert await keys.of("acme") == ((KEY, NOON + timedelta(minutes=1)), (WHOLE, None))
    assert await keys.of("nobody") == ()


async def test_a_use_is_no_writing_of_the_record(connect: Connect) -> None:
    keys = connect()
    await keys.add(KEY)
    read = await keys.get("k1")
    assert read is not None
    await keys.used("k1", NOON)
    assert await keys.replace(read, replace(KEY, name="new"))
    assert await keys.of("acme") == ((replace(KEY, name="new"), NOON),)


def test_a_record_goes_only_after_its_end() -> None:
    assert KEY.kept_until is None
    assert replace(KEY, ends_at=NOON).kept_until == NOON + KEPT_AFTER_END
    assert replace(KEY, ends_at=NOON, revoked_at=NOON - timedelta(1)).kept_until == NOON - timedelta(1) + KEPT_AFTER_END


async def test_sqlite_drops_what_has_ended_long_ago(clock: Clock) -> None:
    database = sqlite_database(":memory:")
    keys = SqliteKeyRecords(database, clock)
    await keys.add(replace(KEY, revoked_at=NOON))
    clock.time = NOON + KEPT_AFTER_END
    await keys.add(WHOLE)
    assert await database.read("SELECT id FROM api_keys") == [("k2",)]
    await database.close()


async def test_without_a_store_every_call_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    for keys in (
        FirestoreKeyRecords(Documents("test-nobody", timeout_s=0.3)),
        SqliteKeyRecords(sqlite_database(str(tmp_path)), lambda: NOON),
    ):
        for call in (keys.add(KEY), keys.get("k1"), keys.of("acme"), keys.used("k1", NOON)):
            with pytest.raises(StoreUnavailable):
                await call
