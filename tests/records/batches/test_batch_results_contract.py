"""What every store of batch results does: one body for all of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from ion_mentoring.records.batches.firestore_results import FirestoreBatchResults
from ion_mentoring.records.batches.results import RETENTION, BatchResults, Counts, ItemResult
from ion_mentoring.records.batches.sqlite_results import SqliteBatchResults
from ion_mentoring.records.batches.words import BatchWords
from ion_mentoring.records.user_keys.firestore import FirestoreKeyStore
from ion_mentoring.records.user_keys.sqlite import SqliteKeyStore
from ion_mentoring.wiring.stores import sqlite_database
from tests.real_parts.firestore import patient
from tests.records.keyrings import keyring

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
OURS = f"batch_{'a' * 26}"
ADAPTERS = ["sqlite in memory", "sqlite in a file", "firestore"]


@dataclass
class Clock:
    time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time


Connect = Callable[[], BatchResults]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=ADAPTERS)
async def connect(request: pytest.FixtureRequest, clock: Clock, tmp_path: Path) -> AsyncIterator[Connect]:
    """Makes one more instance over the same store, as another function instance would."""
    if request.param == "firestore":
        project = request.getfixturevalue("firestore_project")
        documents = patient(project)
        yield lambda: FirestoreBatchResults(documents, clock, BatchWords(keyring(FirestoreKeyStore(documents))))
        return
    in_memory = request.param == "sqlite in memory"
    opened = [sqlite_database(":memory:" if in_memory else str(tmp_path / "ion.sqlite3"))]

    def another() -> BatchResults:
        if not in_memory:
            opened.append(sqlite_database(str(tmp_path / "ion.sqlite3")))
        return SqliteBatchResults(opened[-1], clock, BatchWords(keyring(SqliteKeyStore(opened[-1]))))

    yield another
    for database in opened:
        await database.close()


@pytest.fixture
def results(connect: Connect) -> BatchResults:
    return connect()


def answered(item_id: str, batch_id: str = "b-1", at: datetime = NOON, **answer: Any) -> ItemResult:
    return ItemResult(batch_id, item_id, "answered", answer, None, at)


def kept(*results: ItemResult) -> Any:
    """Results as they come back: with the time when they are forgotten."""
    found = tuple(replace(one, expires_at=one.until) for one in results)
    return found[0] if len(found) == 1 else found


async def test_an_item_has_no_result_until_it_is_stored(results: BatchResults) -> None:
    assert await results.found("b-1", ["1"]) == {}
    assert await results.of("b-1") == ()
    result = answered("1", content="대답")
    assert await results.store(result)
    assert await results.found("b-1", ["1", "2"]) == {"1": kept(result)}
    assert await results.found("b-2", ["1"]) == {}


async def test_an_answered_and_a_failed_result_come_back_as_they_were(results: BatchResults) -> None:
    good = answered("1", content="대답 👩‍👩‍👧‍👦", confidence=0.25, routing={"persona": "any", "reasons": [1, None, True]})
    bad = ItemResult("b-1", "2", "failed", None, "VALIDATION_ERROR: user_input", NOON)
    assert await results.store(good)
    assert await results.store(bad)
    assert await results.of("b-1") == kept(good, bad)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"table": [[1, 2], [3, [4]]]},
        {"": 1, "__name__": 2, "a.b": 3, "`": 4},
        {"big": 2**70},
        {"text": "a\0b"},
        {"text": "가" * 20_000},
    ],
    ids=["empty", "nested arrays", "odd names", "big number", "nul", "20,000 characters"],
)
async def test_any_json_object_is_an_answer(results: BatchResults, answer: dict[str, Any]) -> None:
    assert await results.store(answered("1", **answer))
    (found,) = await results.of("b-1")
    assert found.answer == answer


async def test_the_first_result_of_an_item_stays(results: BatchResults) -> None:
    first = answered("1", content="first")
    assert await results.store(first)
    assert not await results.store(answered("1", content="second", at=NOON + timedelta(seconds=1)))
    assert not await results.store(replace(first, state="failed", answer=None, reason="late"))
    assert await results.of("b-1") == (kept(first),)


async def test_of_many_workers_with_the_same_item_one_wins(connect: Connect) -> None:
    workers = [connect(), connect()]
    offers = [answered("1", worker=number) for number in range(10)]
    outcomes = await asyncio.gather(*(workers[number % 2].store(offer) for number, offer in enumerate(offers)))
    assert outcomes.count(True) == 1
    assert await workers[0].of("b-1") == (kept(offers[outcomes.index(True)]),)


async def test_workers_at_once_lose_no_item(connect: Connect) -> None:
    workers = [connect(), connect()]
    await asyncio.gather(*(workers[number % 2].store(answered(str(number))) for number in range(30)))
    assert [one.item_id for one in await workers[1].of("b-1")] == [str(number) for number in range(30)]


async def test_items_are_in_the_order_in_which_people_count(results: BatchResults) -> None:
    ids = ["0", "2", "02", "10", "10a", "²", "a", "a-2", "a-2-9", "a-2-10", "a-10", "b", "가", "9" * 128]
    expected = ["0", "02", "2", "10", "10a", "9" * 128, "a", "a-2", "a-2-9", "a-2-10", "a-10", "b", "²", "가"]
    for item_id in ids:
        assert await results.store(answered(item_id))
    assert [one.item_id for one in await results.of("b-1")] == expected


@pytest.mark.parametrize("name", ["x" * 128, "..", "a/b", "__all__", "a:b@c.d-e_f", "학생 1", "'; DROP TABLE results; --"])
async def test_ids_may_hold_anything(results: BatchResults, name: str) -> None:
    result = answered(name, batch_id=name)
    assert await results.store(result)
    assert await results.found(name, [name]) == {name: kept(result)}
    assert await results.of(name) == (kept(result),)
    assert await results.of(name.upper() + "?") == ()


async def test_a_time_of_any_zone_is_the_same_moment_afterwards(results: BatchResults) -> None:
    at = datetime.fromisoformat("2026-01-01T21:00:00.000001+09:00")
    await results.store(answered("1", at=at))
    (found,) = await results.of("b-1")
    assert found.at == at
    assert found.at.tzinfo is not None


async def test_results_are_listed_for_thirty_days(results: BatchResults, clock: Clock) -> None:
    assert timedelta(days=30) == RETENTION
    old, young = answered("1"), answered("2", at=NOON + timedelta(microseconds=1))
    await results.store(old)
    await results.store(young)
    clock.time = NOON + RETENTION - timedelta(microseconds=1)
    assert await results.of("b-1") == kept(old, young)
    clock.time = NOON + RETENTION
    assert await results.of("b-1") == (kept(young),)


async def test_the_next_result_drops_expired_rows_from_sqlite(clock: Clock) -> None:
    database = sqlite_database(":memory:")
    results = SqliteBatchResults(database, clock, BatchWords(keyring(SqliteKeyStore(database))))
    await results.store(answered("1"))
    clock.time = NOON + RETENTION
    await results.store(answered("2", batch_id="b-2", at=clock.time))
    assert await database.read("SELECT COUNT(*) FROM results") == [(1,)]
    assert [one.item_id for one in await results.of("b-2")] == ["2"]
    await database.close()


def placed(place: int, state: Literal["answered", "failed"] = "answered", **more: Any) -> ItemResult:
    """The result of an item of a batch that was handed in, under its place."""
    answer = {"content": str(place)} if state == "answered" else None
    moment = NOON + timedelta(seconds=place)
    return ItemResult(OURS, f"id {place}", state, answer, None, moment, key=f"{place:05d}", **more)


async def test_a_page_has_the_results_of_a_range_of_places(results: BatchResults) -> None:
    for place in (3, 1, 10, 2, 11):
        await results.store(placed(place))
    await results.store(answered("00002", batch_id="b-1"))
    page = await results.page(OURS, "00002", "00010")
    assert [one.item_id for one in page] == ["id 2", "id 3", "id 10"]
    assert page[0] == kept(placed(2))
    assert await results.page(OURS, "00004", "00009") == ()


async def test_results_are_counted_by_state(results: BatchResults) -> None:
    assert await results.counts(OURS) == Counts()
    await results.store(placed(2, look_first=True))
    await results.store(placed(1, "failed"))
    await results.store(placed(3))
    assert await results.counts(OURS) == Counts(answered=2, failed=1, look_first=1, began_at=NOON + timedelta(seconds=1))


async def test_a_failed_result_gives_way_to_one_of_a_later_round_and_an_answer_to_none(results: BatchResults) -> None:
    assert await results.store(placed(1, "failed"))
    assert not await results.store(placed(1))
    again = placed(1, round=1, bill={"id": "x"}, expires_at=NOON + timedelta(days=1))
    assert await results.store(again)
    assert not await results.store(placed(1, "failed", round=2))
    assert await results.found(OURS, ["00001"]) == {"00001": again}
    assert await results.counts(OURS) == Counts(answered=1, began_at=NOON + timedelta(seconds=1))


async def test_of_many_workers_in_a_later_round_one_wins(connect: Connect) -> None:
    workers = [connect(), connect()]
    await workers[0].store(placed(1, "failed"))
    outcomes = await asyncio.gather(*(workers[number % 2].store(placed(1, round=1)) for number in range(6)))
    assert outcomes.count(True) == 1


async def test_an_answer_after_a_moment_is_found(results: BatchResults) -> None:
    await results.store(placed(1))
    await results.store(placed(5, "failed"))
    assert await results.answered_since(OURS, NOON)
    assert not await results.answered_since(OURS, NOON + timedelta(seconds=1))
