"""A store of requests that is gone says so, loudly and soon: without it nothing is promised."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ion_mentoring.backends.firestore import Documents
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.local.parts import free_port
from ion_mentoring.records.idempotency.firestore import FirestoreRecords
from ion_mentoring.records.idempotency.protocol import Claim, Record, Records
from ion_mentoring.records.idempotency.sqlite import SqliteRecords
from ion_mentoring.wiring.stores import sqlite_database

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
RECORD = Record("body", "e-1", NOON)


def firestore_gone(_folder: Path) -> tuple[Records, str]:
    return FirestoreRecords(Documents("test-nobody", timeout_s=0.5), lambda: NOON), "2026-01-01T12:00:00.0Z"


def sqlite_gone(folder: Path) -> tuple[Records, str]:
    return SqliteRecords(sqlite_database(str(folder)), lambda: NOON), "1"


@pytest.mark.parametrize("gone", [firestore_gone, sqlite_gone])
async def test_every_call_is_unavailable_within_two_seconds(
    gone: Callable[[Path], tuple[Records, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    records, version = gone(tmp_path)
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        await records.claim("n-1", RECORD)
    with pytest.raises(StoreUnavailable):
        await records.update(Claim("n-1", RECORD, version), RECORD)
    assert time.monotonic() - began < 2
