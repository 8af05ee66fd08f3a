"""What every store of revoked tokens does: one body for all of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ion_mentoring.backends.firestore import Documents
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.local.parts import free_port
from ion_mentoring.records.revocations.firestore import FirestoreRevocations
from ion_mentoring.records.revocations.protocol import RETENTION, Revocation, Revocations
from ion_mentoring.records.revocations.sqlite import SqliteRevocations
from ion_mentoring.wiring.stores import sqlite_database
from tests.real_parts.firestore import patient

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ONE = Revocation("acme", "jti", "t-1", NOON)


@dataclass
class Clock:
    time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite in memory", "sqlite in a file", "firestore"])
async def revocations(request: pytest.FixtureRequest, clock: Clock, tmp_path: Path) -> AsyncIterator[Revocations]:
    if request.param == "firestore":
        yield FirestoreRevocations(patient(request.getfixturevalue("firestore_project")), clock)
        return
    database = sqlite_database(":memory:" if request.param == "sqlite in memory" else str(tmp_path / "ion.sqlite3"))
    yield SqliteRevocations(database, clock)
    await database.close()


async def test_what_was_revoked_is_there_as_it_was(revocations: Revocations) -> None:
    others = [
        replace(ONE, tenant="globex"),
        replace(ONE, kind="sub"),
        replace(ONE, value="a/b c 김\u00a0" + "x" * 240),
        replace(ONE, made_at=NOON + timedelta(microseconds=7), value="later"),
    ]
    for one in (ONE, *others):
        await revocations.put(one)
    assert set(await revocations.all()) == {ONE, *others}


async def test_the_same_revoked_again_counts_from_then_on(revocations: Revocations) -> None:
    again = replace(ONE, made_at=NOON + timedelta(hours=2))
    await revocations.put(ONE)
    await revocations.put(again)
    assert await revocations.all() == (again,)


async def test_a_revocation_lasts_longer_than_any_token_and_then_is_gone(revocations: Revocations, clock: Clock) -> None:
    await revocations.put(ONE)
    clock.time = NOON + timedelta(hours=24, minutes=2)
    assert await revocations.all() == (ONE,)
    clock.time = NOON + RETENTION
    assert await revocations.all() == ()


async def test_a_store_that_is_gone_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    firestore = FirestoreRevocations(Documents("test-nobody", timeout_s=0.5), lambda: NOON)
    for gone in (firestore, SqliteRevocations(sqlite_database(str(tmp_path)), lambda: NOON)):
        with pytest.raises(StoreUnavailable):
            await gone.put(ONE)
        with pytest.raises(StoreUnavailable):
            await gone.all()
