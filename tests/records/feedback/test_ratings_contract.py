"""What every store of ratings does: one body for all of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ion_mentoring.backends.firestore import Documents
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.local.parts import free_port
from ion_mentoring.records.feedback.firestore import FirestoreRatings
from ion_mentoring.records.feedback.protocol import RETENTION, Exposure, RatedAnswer, Rating, Ratings
from ion_mentoring.records.feedback.sqlite import SqliteRatings
from ion_mentoring.wiring.stores import sqlite_database
from tests.real_parts.firestore import patient

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ANSWER = RatedAnswer(NOON, "lua", 3, "anxious-medium-learning", "ko", "playbook", 0.95, ("review",), (Exposure("e1", 2, "b"),))
ONE = Rating("r1", NOON, "down", ("vague", "long"), "not", ANSWER)


@dataclass
class Clock:
    time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite in memory", "sqlite in a file", "firestore"])
async def ratings(request: pytest.FixtureRequest, clock: Clock, tmp_path: Path) -> AsyncIterator[Ratings]:
    if request.param == "firestore":
        yield FirestoreRatings(patient(request.getfixturevalue("firestore_project")), clock)
        return
    database = sqlite_database(":memory:" if request.param == "sqlite in memory" else str(tmp_path / "ion.sqlite3"))
    yield SqliteRatings(database, clock)
    await database.close()


async def test_a_rating_is_there_as_it_was_given_and_for_its_owner_alone(ratings: Ratings) -> None:
    bare = Rating("r2", NOON, outcome="tried")
    await ratings.put("kim", ONE)
    await ratings.put("kim", bare)
    assert await ratings.get("kim", "r1") == ONE
    assert await ratings.get("kim", "r2") == bare
    assert await ratings.get("lee", "r1") is None
    assert await ratings.get("kim", "r3") is None


async def test_a_change_takes_the_place_of_all_that_was_said_before(ratings: Ratings) -> None:
    changed = Rating("r1", NOON + timedelta(hours=1), "up")
    await ratings.put("kim", ONE)
    await ratings.put("kim", changed)
    assert await ratings.get("kim", "r1") == changed
    assert await ratings.of("kim") == (changed,)


async def test_an_owners_ratings_are_listed_the_newest_first(ratings: Ratings) -> None:
    given = [replace(ONE, request_id=f"r{hour}", at=NOON + timedelta(hours=hour)) for hour in (2, 0, 1)]
    for one in given:
        await ratings.put("kim", one)
    await ratings.put("lee", ONE)
    assert [one.request_id for one in await ratings.of("kim")] == ["r2", "r1", "r0"]
    assert await ratings.of("nobody") == ()


async def test_what_is_taken_back_is_gone_and_only_once(ratings: Ratings) -> None:
    await ratings.put("kim", ONE)
    assert not await ratings.take_back("lee", "r1")
    assert await ratings.take_back("kim", "r1")
    assert not await ratings.take_back("kim", "r1")
    assert await ratings.get("kim", "r1") is None


async def test_all_of_an_owner_goes_and_nothing_of_another(ratings: Ratings) -> None:
    for number in range(3):
        await ratings.put("kim", replace(ONE, request_id=f"r{number}"))
    await ratings.put("lee", ONE)
    await ratings.erase("kim")
    assert (await ratings.of("kim"), await ratings.of("lee")) == ((), (ONE,))


async def test_pages_of_all_follow_each_other_in_the_order_of_the_last_change(ratings: Ratings) -> None:
    for number in range(5):
        await ratings.put("kim" if number % 2 else "lee", replace(ONE, request_id=f"r{number}", at=NOON))
    await ratings.put("kim", replace(ONE, request_id="r1", at=NOON + timedelta(minutes=1)))
    seen = []
    page = await ratings.page("", 2)
    while page:
        seen += page
        page = await ratings.page(page[-1].place, 2)
    assert sorted(one.rating.request_id for one in seen) == [f"r{number}" for number in range(5)]
    assert seen[-1].rating.request_id == "r1"
    assert len({one.owner for one in seen}) == 2
    assert "kim" not in {one.owner for one in seen}


async def test_a_rating_lasts_a_year_from_its_last_change(ratings: Ratings, clock: Clock) -> None:
    await ratings.put("kim", ONE)
    clock.time = NOON + RETENTION - timedelta(seconds=1)
    assert await ratings.get("kim", "r1") == ONE
    clock.time = NOON + RETENTION
    assert await ratings.get("kim", "r1") is None
    assert (await ratings.of("kim"), await ratings.page("", 9)) == ((), ())


async def test_a_store_that_is_gone_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    firestore = FirestoreRatings(Documents("test-nobody", timeout_s=0.5), lambda: NOON)
    for gone in (firestore, SqliteRatings(sqlite_database(str(tmp_path)), lambda: NOON)):
        for call in (
            gone.put("kim", ONE),
            gone.get("kim", "r1"),
            gone.of("kim"),
            gone.take_back("kim", "r1"),
            gone.page("", 1),
        ):
            with pytest.raises(StoreUnavailable):
                await call
        with pytest.raises(StoreUnavailable):
            await gone.erase("kim")
