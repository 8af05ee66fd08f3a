"""A memory of conversations whose store is gone says so, loudly and soon."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ion_mentoring.backends.firestore import Documents
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.local.parts import free_port
from ion_mentoring.records.conversations.firestore import FirestoreConversations
from ion_mentoring.records.conversations.protocol import ConversationId, Conversations, Turn
from ion_mentoring.records.conversations.sealed import SealedConversations
from ion_mentoring.records.conversations.sqlite import SqliteConversations
from ion_mentoring.records.user_keys.firestore import FirestoreKeyStore
from ion_mentoring.records.user_keys.sqlite import SqliteKeyStore
from ion_mentoring.wiring.stores import sqlite_database
from tests.records.keyrings import keyring

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HERE = ConversationId("ada", "s-1")


def firestore_gone(_folder: Path) -> Conversations:
    documents = Documents("test-nobody", timeout_s=0.5)
    return SealedConversations(FirestoreConversations(documents, lambda: NOON), keyring(FirestoreKeyStore(documents)))


def sqlite_gone(folder: Path) -> Conversations:
    database = sqlite_database(str(folder))
    return SealedConversations(SqliteConversations(database, lambda: NOON), keyring(SqliteKeyStore(database)))


@pytest.mark.parametrize("gone", [firestore_gone, sqlite_gone])
async def test_every_call_is_unavailable_within_two_seconds(
    gone: Callable[[Path], Conversations], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{free_port()}")
    conversations = gone(tmp_path)
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        await conversations.recent(HERE, 1)
    with pytest.raises(StoreUnavailable):
        await conversations.first(HERE)
    with pytest.raises(StoreUnavailable):
        await conversations.append(HERE, (Turn("user", "hello", NOON),), entry_id="e-1")
    with pytest.raises(StoreUnavailable):
        await conversations.sessions(HERE.owner, 1)
    with pytest.raises(StoreUnavailable):
        await conversations.erase(HERE)
    assert time.monotonic() - began < 2
