"""A ledger that is gone says so, loudly and soon: an answer goes on without it, and its entry goes to the log."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ion_mentoring.backends.firestore import Documents
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.local.parts import free_port
from ion_mentoring.records.ledger.firestore import FirestoreLedger
from ion_mentoring.records.ledger.prices import Charge, Cost
from ion_mentoring.records.ledger.protocol import Entry, Ledger
from ion_mentoring.records.ledger.sqlite import SqliteLedger
from ion_mentoring.usage.meter import Usage
from ion_mentoring.wiring.stores import sqlite_database

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
ENTRY = Entry("1", NOON, "key:acme", "lua", "m", (Charge("m", Usage(1, 1), Cost()),), "whole")


def firestore_gone(_folder: Path) -> Ledger:
    return FirestoreLedger(Documents("test-nobody", timeout_s=0.5), lambda: NOON)


def sqlite_gone(folder: Path) -> Ledger:
    return SqliteLedger(sqlite_database(str(folder)), lambda: NOON)


@pytest.mark.parametrize("gone", [firestore_gone, sqlite_gone])
async def test_every_call_is_unavailable_within_two_seconds(
    gone: Callable[[Path], Ledger], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    ledger = gone(tmp_path)
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        await ledger.reserve("key:acme", "1", "2026-11", 1, 100)
    with pytest.raises(StoreUnavailable):
        await ledger.settle(ENTRY)
    with pytest.raises(StoreUnavailable):
        await ledger.settle(ENTRY, reserved_tokens=1)
    with pytest.raises(StoreUnavailable):
        await ledger.spending("2026-11")
    assert time.monotonic() - began < 2


async def test_what_is_locked_for_too_long_is_not_half_written(tmp_path: Path) -> None:
    file = str(tmp_path / "ion.sqlite3")
    other, own = sqlite_database(file), sqlite_database(file, busy_timeout_s=0.05)
    ledger = SqliteLedger(own, lambda: NOON)
    await ledger.reserve("key:acme", "1", "2026-11", 50, 100)
    await other._run(lambda connection: connection.execute("BEGIN IMMEDIATE"))
    with pytest.raises(StoreUnavailable):
        await ledger.settle(ENTRY, reserved_tokens=50)
    await other._run(lambda connection: connection.rollback())
    assert (await ledger.reserve("key:acme", "2", "2026-11", 1, 100)).used_tokens == 50
    assert await ledger.settle(ENTRY, reserved_tokens=50)
    assert (await ledger.spending("2026-11")).total.answers == 1
    await other.close()
    await own.close()
