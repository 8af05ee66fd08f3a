"""A store of batch results that is gone says so, loudly and soon: the message has to come again."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ion_mentoring.backends.firestore import Documents
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.local.parts import free_port
from ion_mentoring.records.batches.firestore_results import FirestoreBatchResults
from ion_mentoring.records.batches.results import BatchResults, ItemResult
from ion_mentoring.records.batches.sqlite_results import SqliteBatchResults
from ion_mentoring.records.batches.words import BatchWords
from ion_mentoring.records.user_keys.firestore import FirestoreKeyStore
from ion_mentoring.records.user_keys.sqlite import SqliteKeyStore
from ion_mentoring.wiring.stores import sqlite_database
from tests.records.keyrings import keyring

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def firestore_gone(_folder: Path) -> BatchResults:
    documents = Documents("test-nobody", timeout_s=0.5)
    return FirestoreBatchResults(documents, lambda: NOON, BatchWords(keyring(FirestoreKeyStore(documents))))


def sqlite_gone(folder: Path) -> BatchResults:
    database = sqlite_database(str(folder))
    return SqliteBatchResults(database, lambda: NOON, BatchWords(keyring(SqliteKeyStore(database))))


@pytest.mark.parametrize("gone", [firestore_gone, sqlite_gone])
async def test_every_call_is_unavailable_within_two_seconds(
    gone: Callable[[Path], BatchResults], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    results = gone(tmp_path)
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        await results.found("b-1", ["1"])
    with pytest.raises(StoreUnavailable):
        await results.store(ItemResult("b-1", "1", "failed", None, "why", NOON))
    with pytest.raises(StoreUnavailable):
        await results.of("b-1")
    assert time.monotonic() - began < 2
