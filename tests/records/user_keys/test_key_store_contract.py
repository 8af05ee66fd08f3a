"""What every store of wrapped keys does: one body for all of them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ion_mentoring.records.user_keys.firestore import FirestoreKeyStore
from ion_mentoring.records.user_keys.protocol import KeyStore, PeriodKey, WrappedKeys
from ion_mentoring.records.user_keys.sqlite import SqliteKeyStore
from ion_mentoring.wiring.stores import sqlite_database
from tests.real_parts.firestore import patient

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
WEEK = PeriodKey("2026-W01", b"wrapped \x00\xff", NOON)


def keys(holder: str, period: str = "2026-W01", wrapped: bytes = b"\x00w") -> WrappedKeys:
    return WrappedKeys(holder, period, wrapped)


@pytest.fixture(params=["sqlite", "firestore"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[KeyStore]:
    if request.param == "firestore":
        yield FirestoreKeyStore(patient(request.getfixturevalue("firestore_project")))
        return
    database = sqlite_database(str(tmp_path / "ion.sqlite3"))
    yield SqliteKeyStore(database)
    await database.close()


async def test_the_key_of_a_period_is_kept_once_and_may_be_wrapped_anew(store: KeyStore) -> None:
    assert await store.periods() == ()
    assert await store.add_period(WEEK)
    assert not await store.add_period(PeriodKey(WEEK.period, b"another", NOON))
    assert await store.periods() == (WEEK,)
    anew = PeriodKey(WEEK.period, b"anew", NOON)
    await store.replace_period(anew)
    assert await store.periods() == (anew,)
    await store.drop_period(WEEK.period)
    assert await store.periods() == ()


async def test_of_several_keys_of_a_period_made_at_once_one_stays(store: KeyStore) -> None:
    made = [PeriodKey(WEEK.period, bytes([number]), NOON) for number in range(5)]
    won = await asyncio.gather(*map(store.add_period, made))
    assert won.count(True) == 1
    assert await store.periods() == (made[won.index(True)],)


async def test_keys_of_holders_are_found_by_name_and_a_holders_first_ones_stay(store: KeyStore) -> None:
    await store.add([keys("aa"), keys("bb")])
    await store.add([keys("bb", wrapped=b"other"), keys("cc")])
    assert await store.found(["aa", "bb", "cc", "dd"]) == {name: keys(name) for name in ("aa", "bb", "cc")}
    assert await store.found([]) == {}


async def test_keys_are_replaced_as_they_were_read_and_not_otherwise(store: KeyStore) -> None:
    await store.add([keys("aa")])
    new = keys("aa", "2026-W02", b"new")
    assert not await store.replace(keys("aa", wrapped=b"not those"), new)
    assert await store.replace(keys("aa"), new)
    assert not await store.replace(keys("aa"), keys("aa", wrapped=b"late"))
    assert await store.found(["aa"]) == {"aa": new}
    await store.drop("aa")
    assert not await store.replace(new, keys("aa"))
    assert await store.found(["aa"]) == {}


async def test_all_keys_are_gone_through_in_the_order_of_names_and_counted_by_period(store: KeyStore) -> None:
    for week in ("2026-W01", "2026-W02"):
        await store.add_period(PeriodKey(week, b"w", NOON))
    await store.add([keys(f"{number:02}", "2026-W02" if number else "2026-W01") for number in range(5)])
    first = await store.page("", 3)
    rest = await store.page(first[-1].holder, 3)
    assert [one.holder for one in (*first, *rest)] == ["00", "01", "02", "03", "04"]
    assert await store.page("04", 3) == ()
    assert await store.counts() == {"2026-W01": 1, "2026-W02": 4}


async def test_a_step_that_was_declared_done_stays_so(store: KeyStore) -> None:
    assert not await store.flag("some step")
    await store.raise_flag("some step")
    await store.raise_flag("some step")
    assert await store.flag("some step")
