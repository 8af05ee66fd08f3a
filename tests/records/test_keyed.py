"""Records under keyed names: none of an id, nor a hash that anybody could make, lies in the store."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from ion_mentoring.backends.sqlite import Database
from ion_mentoring.records.feedback.keyed import KeyedRatings
from ion_mentoring.records.feedback.protocol import Rating, mark_of
from ion_mentoring.records.feedback.sqlite import SqliteRatings
from ion_mentoring.records.idempotency.keyed import KeyedRecords
from ion_mentoring.records.idempotency.protocol import Claim, Record
from ion_mentoring.records.idempotency.sqlite import SqliteRecords
from ion_mentoring.records.ledger.keyed import KeyedLedger
from ion_mentoring.records.ledger.prices import Charge, Cost
from ion_mentoring.records.ledger.protocol import Entry
from ion_mentoring.records.ledger.sqlite import SqliteLedger
from ion_mentoring.records.profiles.keyed import KeyedProfiles
from ion_mentoring.records.profiles.protocol import Choices
from ion_mentoring.records.profiles.sqlite import SqliteProfiles
from ion_mentoring.records.user_keys.keyring import Keyring
from ion_mentoring.records.user_keys.sqlite import SqliteKeyStore
from ion_mentoring.usage.meter import Usage
from ion_mentoring.wiring.stores import sqlite_database
from tests.records.keyrings import keyring

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    made = sqlite_database(":memory:")
    yield made
    await made.close()


@pytest.fixture
def ring(database: Database) -> Keyring:
    return keyring(SqliteKeyStore(database))


async def rows(database: Database, *tables: str) -> str:
    return repr([await database.read(f"SELECT * FROM {table}") for table in tables])


def entry(caller: str, name: str) -> Entry:
    return Entry(name, NOON, caller, "lua", "m", (Charge("m", Usage(10, 5), Cost(7)),), "whole")


@pytest.mark.parametrize("caller", ["sub:kim-mark", "acme/sub:kim-mark", "address:192.0.2.77", "sub:a\nkim-mark"])
async def test_the_ledger_counts_people_by_a_name_that_stays_the_same(database: Database, ring: Keyring, caller: str) -> None:
    ledger = KeyedLedger(SqliteLedger(database, lambda: NOON), ring)
    assert (await ledger.reserve(caller, "e-1", "2026-11", 10, 100)).granted
    await ledger.settle(entry(caller, "e-1"), reserved_tokens=10)
    await KeyedLedger(SqliteLedger(database, lambda: NOON), keyring(SqliteKeyStore(database))).settle(entry(caller, "e-2"))
    told = await rows(database, "entries", "totals", "reservations")
    assert "kim-mark" not in told
    assert "192.0.2.77" not in told
    ((name, totals),) = (await ledger.spending("2026-11")).by_caller.items()
    assert totals.answers == 2
    assert name.startswith(f"{caller[: caller.index(':')]}:~")


@pytest.mark.parametrize("caller", ["key:acme", "acme/key:web", "program", "local", "own"])
async def test_the_ledger_tells_keys_of_programs_as_they_are(database: Database, ring: Keyring, caller: str) -> None:
    ledger = KeyedLedger(SqliteLedger(database, lambda: NOON), ring)
    await ledger.settle(entry(caller, "e-1"))
    assert list((await ledger.spending("2026-11")).by_caller) == [caller]
    assert await SqliteKeyStore(database).periods() == ()


async def test_a_record_of_a_request_is_claimed_once_and_its_name_is_not_the_one_that_was_made_of_its_key(
    database: Database, ring: Keyring
) -> None:
    records = KeyedRecords(SqliteRecords(database, lambda: NOON), ring)
    wanted = Record("body", "e-1", NOON + timedelta(seconds=6))
    claim = await records.claim("name-mark", wanted)
    assert isinstance(claim, Claim)
    assert await records.claim("name-mark", wanted) == wanted
    assert isinstance(await records.claim("another", wanted), Claim)
    assert await records.update(claim, Record("body", "e-1", NOON, b"sealed")) is not None
    assert await records.claim("name-mark", wanted) == Record("body", "e-1", NOON, b"sealed")
    assert "mark" not in await rows(database, "requests")


async def test_ratings_and_profiles_are_their_owners_and_the_store_knows_no_owner(database: Database, ring: Keyring) -> None:
    ratings = KeyedRatings(SqliteRatings(database, lambda: NOON), ring)
    profiles = KeyedProfiles(SqliteProfiles(database, lambda: NOON), ring)
    assert await profiles.get("key:web/kim-mark") is None
    await ratings.put("key:web/kim-mark", Rating("r-1", NOON, "up"))
    await profiles.choose("key:web/kim-mark", Choices(personalise=False))
    assert (await ratings.get("key:web/kim-mark", "r-1")) == (await ratings.of("key:web/kim-mark"))[0]
    assert await ratings.of("key:web/lee") == ()
    found = await profiles.get("key:web/kim-mark")
    assert found is not None
    assert not found.choices.personalise
    told = await rows(database, "feedback", "profiles")
    assert "mark" not in told
    assert mark_of("key:web/kim-mark") not in told
    assert hashlib.sha256(b"kim-mark").hexdigest() not in told
    assert (await ratings.page("", 9))[0].rating.request_id == "r-1"
    assert await ratings.take_back("key:web/kim-mark", "r-1")
    await ratings.erase("key:web/kim-mark")
    await profiles.erase("key:web/kim-mark")
    assert await profiles.get("key:web/kim-mark") is None
