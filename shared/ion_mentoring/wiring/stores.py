"""The stores that STORE names; Firestore's client is imported only where it is used."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from ion_mentoring.backends.guard import Guards
from ion_mentoring.records.batches.guarded import GuardedBatchResults
from ion_mentoring.records.batches.protocol import BatchResults
from ion_mentoring.records.conversations.guarded import GuardedConversations
from ion_mentoring.records.conversations.protocol import Conversations
from ion_mentoring.records.idempotency.guarded import GuardedRecords
from ion_mentoring.records.idempotency.protocol import Records
from ion_mentoring.records.ledger.guarded import GuardedLedger
from ion_mentoring.records.ledger.protocol import Ledger


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of what must last."""

    conversations: Conversations
    batches: BatchResults
    ledger: Ledger
    requests: Records


def stores(setting: str) -> Stores:
    """Stores of `sqlite:///path`, `sqlite:///:memory:` or `firestore://PROJECT[/DATABASE]`, each behind its guards."""
    kept = _firestore(setting) if setting.startswith("firestore://") else _sqlite(setting)
    guards = Guards.on(time.monotonic)
    return Stores(
        GuardedConversations(kept.conversations, guards),
        GuardedBatchResults(kept.batches, guards),
        GuardedLedger(kept.ledger, guards),
        GuardedRecords(kept.requests, guards),
    )


def _sqlite(setting: str) -> Stores:
    from ion_mentoring.backends.sqlite import Database
    from ion_mentoring.records.batches.sqlite import SqliteBatchResults
    from ion_mentoring.records.conversations.sqlite import SqliteConversations
    from ion_mentoring.records.idempotency.sqlite import SqliteRecords
    from ion_mentoring.records.ledger.sqlite import SqliteLedger

    database = Database(setting.removeprefix("sqlite:///"))
    return Stores(
        SqliteConversations(database, _now),
        SqliteBatchResults(database, _now),
        SqliteLedger(database, _now),
        SqliteRecords(database, _now),
    )


def _firestore(setting: str) -> Stores:
    from ion_mentoring.backends.firestore import Documents
    from ion_mentoring.records.batches.firestore import FirestoreBatchResults
    from ion_mentoring.records.conversations.firestore import FirestoreConversations
    from ion_mentoring.records.idempotency.firestore import FirestoreRecords
    from ion_mentoring.records.ledger.firestore import FirestoreLedger

    parts = urlsplit(setting)
    documents = Documents(parts.netloc, parts.path.strip("/") or "(default)")
    return Stores(
        FirestoreConversations(documents, _now),
        FirestoreBatchResults(documents, _now),
        FirestoreLedger(documents, _now),
        FirestoreRecords(documents, _now),
    )


def _now() -> datetime:
    return datetime.now(UTC)
