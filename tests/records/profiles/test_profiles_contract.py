"""What every store of profiles does: one body for all of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ion_mentoring.backends.firestore import Documents
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.local.parts import free_port
from ion_mentoring.records.profiles.consent import Agreement, Consent, Guardian
from ion_mentoring.records.profiles.firestore import FirestoreProfiles
from ion_mentoring.records.profiles.protocol import RETENTION, Choices, Population, Profile, Profiles, Tally
from ion_mentoring.records.profiles.sqlite import SqliteProfiles
from ion_mentoring.wiring.stores import sqlite_database
from tests.real_parts.firestore import patient

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
TALLIES = {("anxious", "lua"): Tally(2.5, 3.25), ("calm", "elro"): Tally(0.0, 1.0)}
OFF = Choices(personalise=False)


@dataclass
class Clock:
    time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite in memory", "sqlite in a file", "firestore"])
async def profiles(request: pytest.FixtureRequest, clock: Clock, tmp_path: Path) -> AsyncIterator[Profiles]:
    if request.param == "firestore":
        yield FirestoreProfiles(patient(request.getfixturevalue("firestore_project")), clock)
        return
    database = sqlite_database(":memory:" if request.param == "sqlite in memory" else str(tmp_path / "ion.sqlite3"))
    yield SqliteProfiles(database, clock)
    await database.close()


async def test_what_was_learnt_is_its_owners_and_the_newest_counts(profiles: Profiles) -> None:
    assert await profiles.get("kim") is None
    await profiles.learn("kim", TALLIES, 4, NOON)
    assert await profiles.get("kim") == Profile(TALLIES, 4, NOON)
    newer = {("calm", "elro"): Tally(1.0, 2.0)}
    await profiles.learn("kim", newer, 5, NOON)
    assert await profiles.get("kim") == Profile(newer, 5, NOON)
    assert await profiles.get("lee") is None


async def test_choices_and_what_is_learnt_are_written_apart(profiles: Profiles) -> None:
    choices = Choices(experiments=False, learnt_from=NOON)
    await profiles.choose("kim", choices)
    assert await profiles.get("kim") == Profile(choices=choices)
    await profiles.learn("kim", TALLIES, 4, NOON)
    assert await profiles.get("kim") == Profile(TALLIES, 4, NOON, choices)
    await profiles.choose("kim", Choices())
    assert await profiles.get("kim") == Profile(TALLIES, 4, NOON)


async def test_who_switches_it_off_has_nothing_left_but_that_choice(profiles: Profiles, clock: Clock) -> None:
    await profiles.learn("kim", TALLIES, 4, NOON)
    await profiles.choose("kim", OFF)
    assert await profiles.get("kim") == Profile(choices=OFF)
    clock.time = NOON + 3 * RETENTION
    assert await profiles.get("kim") == Profile(choices=OFF), "a switch does not turn itself on again"


async def test_a_consent_is_written_apart_and_stands_when_what_was_learnt_ends(profiles: Profiles, clock: Clock) -> None:
    agreements = {"keep": Agreement(True, "2026-11", NOON, "guardian"), "abroad": Agreement(False, "", NOON, "person")}
    consent = Consent(True, Guardian("message", NOON), agreements)
    await profiles.learn("kim", TALLIES, 4, NOON)
    await profiles.agree("kim", Consent(child=False))
    await profiles.agree("kim", consent)
    await profiles.choose("kim", Choices(experiments=False))
    assert await profiles.get("kim") == Profile(TALLIES, 4, NOON, Choices(experiments=False), consent)
    clock.time = NOON + 3 * RETENTION
    assert await profiles.get("kim") == Profile(choices=Choices(experiments=False), consent=consent)
    await profiles.agree("lee", consent)
    await profiles.learn("lee", TALLIES, 4, clock.time)
    assert await profiles.get("lee") == Profile(TALLIES, 4, clock.time, consent=consent)
    await profiles.erase("lee")
    assert await profiles.get("lee") is None


async def test_what_was_learnt_ends_a_year_after_the_last_rating(profiles: Profiles, clock: Clock) -> None:
    await profiles.learn("kim", TALLIES, 4, NOON)
    clock.time = NOON + RETENTION - timedelta(seconds=1)
    assert await profiles.get("kim")
    clock.time = NOON + RETENTION
    assert await profiles.get("kim") is None


async def test_an_owner_is_erased_and_no_other(profiles: Profiles) -> None:
    for owner in ("kim", "lee"):
        await profiles.learn(owner, TALLIES, 4, NOON)
    await profiles.erase("kim")
    assert await profiles.get("kim") is None
    assert await profiles.get("lee")


async def test_the_population_is_the_one_that_was_counted_last(profiles: Profiles) -> None:
    assert await profiles.population() is None
    counted = Population({("anxious", "lua"): 0.8}, {"lua": 0.7}, 0.6, 9.5, 1240, 88, NOON)
    await profiles.count(Population(counted_at=NOON))
    await profiles.count(counted)
    assert await profiles.population() == counted


async def test_a_store_that_is_gone_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    firestore = FirestoreProfiles(Documents("test-nobody", timeout_s=0.5), lambda: NOON)
    for gone in (firestore, SqliteProfiles(sqlite_database(str(tmp_path)), lambda: NOON)):
        calls = (gone.get("kim"), gone.learn("kim", {}, 0, NOON), gone.choose("kim", OFF), gone.erase("kim"), gone.population())
        for call in (*calls, gone.count(Population(counted_at=NOON))):
            with pytest.raises(StoreUnavailable):
                await call
