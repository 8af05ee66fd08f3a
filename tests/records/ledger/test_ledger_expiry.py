"""What is kept of a ledger's months, and how each store lets go of it."""

from datetime import UTC, datetime, timedelta

import pytest

from ion_mentoring.records.ledger.firestore import FirestoreLedger
from ion_mentoring.records.ledger.prices import Charge, Cost
from ion_mentoring.records.ledger.protocol import RESERVED_FOR, RETENTION, Entry, kept_until
from ion_mentoring.records.ledger.sqlite import SqliteLedger
from ion_mentoring.usage.meter import Usage
from ion_mentoring.wiring.stores import sqlite_database
from tests.real_parts.firestore import patient

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
CHARGES = (Charge("m", Usage(10, 5), Cost(7)),)


def entry(identity: str, at: datetime = NOON) -> Entry:
    return Entry(identity, at, "key:acme", "lua", "m", CHARGES, "whole")


def test_a_month_is_kept_for_thirteen_more() -> None:
    assert kept_until("2026-11") >= datetime(2026, 12, 31, tzinfo=UTC) + timedelta(days=365)


@pytest.mark.parametrize("month", ["2026-02", "2027-01", "2028-02"])
def test_a_month_is_not_forgotten_before_its_last_entry(month: str) -> None:
    last = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC) + timedelta(days=28)
    assert kept_until(month) >= last + RETENTION


async def test_the_next_entry_drops_what_has_expired_from_sqlite() -> None:
    database, now = sqlite_database(":memory:"), NOON
    ledger = SqliteLedger(database, lambda: now)
    await ledger.settle(entry("old"))
    now = NOON + RETENTION + timedelta(days=32)
    await ledger.settle(entry("new", now))
    assert await database.read("SELECT id FROM entries") == [("new",)]
    assert await database.read("SELECT DISTINCT month FROM totals") == [("2028-02",)]
    await database.close()


async def test_every_document_says_when_firestore_may_delete_it(firestore_project: str) -> None:
    documents = patient(firestore_project)
    ledger = FirestoreLedger(documents, lambda: NOON)
    await ledger.reserve("key:acme", "open", "2026-11", 1, 100)
    await ledger.settle(entry("1"))
    month = "ledger_months/2026-11"
    ((caller, own),) = (await documents.named(f"{month}/callers")).items()
    (whole,) = await documents.all("ledger")
    (shard,) = await documents.all(f"{month}/shards")
    (reserved,) = await documents.all(f"{month}/callers/{caller}/reservations")
    assert whole["expires_at"] == NOON + RETENTION
    assert own["expires_at"] == shard["expires_at"] == reserved["expires_at"] == kept_until("2026-11")
    assert reserved["ends_at"] == NOON + RESERVED_FOR


async def test_sums_are_spread_over_several_documents(firestore_project: str) -> None:
    documents = patient(firestore_project)
    ledger = FirestoreLedger(documents, lambda: NOON)
    for number in range(20):
        await ledger.settle(entry(f"entry-{number}"))
    assert 8 <= len(await documents.all("ledger_months/2026-11/shards")) <= 16
    assert (await ledger.spending("2026-11")).total.answers == 20
