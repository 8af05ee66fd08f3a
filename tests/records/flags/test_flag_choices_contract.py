"""What every store of chosen variants does: one body for all of them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ion_mentoring.backends.firestore import Documents
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.local.parts import free_port
from ion_mentoring.records.flags.firestore import FirestoreFlagChoices
from ion_mentoring.records.flags.protocol import FlagChoice, FlagChoices
from ion_mentoring.records.flags.sqlite import SqliteFlagChoices
from ion_mentoring.wiring.stores import sqlite_database
from tests.real_parts.firestore import patient

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
FOR_ALL = FlagChoice("exploration", None, "seldom", NOON)
FOR_ACME = replace(FOR_ALL, tenant="acme", variant="off")


@pytest.fixture(params=["sqlite in memory", "sqlite in a file", "firestore"])
async def choices(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[FlagChoices]:
    if request.param == "firestore":
        yield FirestoreFlagChoices(patient(request.getfixturevalue("firestore_project")))
        return
    database = sqlite_database(":memory:" if request.param == "sqlite in memory" else str(tmp_path / "ion.sqlite3"))
    yield SqliteFlagChoices(database)
    await database.close()


async def test_a_choice_is_kept_for_all_and_for_a_tenant_and_the_last_one_counts(choices: FlagChoices) -> None:
    assert await choices.all() == ()
    other = replace(FOR_ALL, flag="console_worker", variant="off")
    later = replace(FOR_ALL, variant="often", chosen_at=NOON + timedelta(hours=1))
    for choice in (FOR_ALL, FOR_ACME, other, later):
        await choices.put(choice)
    assert set(await choices.all()) == {later, FOR_ACME, other}


async def test_a_choice_is_forgotten_alone_and_twice_is_no_error(choices: FlagChoices) -> None:
    for choice in (FOR_ALL, FOR_ACME):
        await choices.put(choice)
    await choices.remove("exploration", None)
    await choices.remove("exploration", None)
    assert await choices.all() == (FOR_ACME,)
    await choices.remove("exploration", "acme")
    assert await choices.all() == ()


async def test_a_store_that_is_gone_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    database = sqlite_database(str(tmp_path))
    for gone in (FirestoreFlagChoices(Documents("test-nobody", timeout_s=0.5)), SqliteFlagChoices(database)):
        for call in (gone.all(), gone.put(FOR_ALL), gone.remove("exploration", None)):
            with pytest.raises(StoreUnavailable):
                await call
    await database.close()
