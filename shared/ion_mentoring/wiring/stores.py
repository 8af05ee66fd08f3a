"""The stores that STORE names; Firestore's client is imported only where it is used."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from ion_mentoring.backends.guard import Guards
from ion_mentoring.records.audit.guarded import GuardedAuditRecords
from ion_mentoring.records.audit.protocol import AuditRecords
from ion_mentoring.records.batches.guarded_results import GuardedBatchResults
from ion_mentoring.records.batches.guarded_submissions import GuardedSubmissions
from ion_mentoring.records.batches.results import BatchResults
from ion_mentoring.records.batches.submissions import Submissions
from ion_mentoring.records.conversations.guarded import GuardedConversations
from ion_mentoring.records.conversations.protocol import Conversations
from ion_mentoring.records.feedback.guarded import GuardedRatings
from ion_mentoring.records.feedback.protocol import Ratings
from ion_mentoring.records.idempotency.guarded import GuardedRecords
from ion_mentoring.records.idempotency.protocol import Records
from ion_mentoring.records.keys.guarded import GuardedKeyRecords
from ion_mentoring.records.keys.protocol import KeyRecords
from ion_mentoring.records.ledger.guarded import GuardedLedger
from ion_mentoring.records.ledger.protocol import Ledger
from ion_mentoring.records.revocations.guarded import GuardedRevocations
from ion_mentoring.records.revocations.protocol import Revocations

if TYPE_CHECKING:
    from ion_mentoring.backends.sqlite import Database

# The records' versions in a file that was made when they had one together, by that version.
TOGETHER: Final = (
    {"conversations": 1, "batches": 1},
    {"conversations": 2, "batches": 2},
    {"conversations": 2, "batches": 2, "ledger": 1},
    {"conversations": 2, "batches": 2, "ledger": 1, "idempotency": 1},
)


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of what must last."""

    conversations: Conversations
    batches: BatchResults
    ledger: Ledger
    requests: Records
    keys: KeyRecords
    revocations: Revocations
    submissions: Submissions
    ratings: Ratings
    audit: AuditRecords


def stores(setting: str) -> Stores:
    """Stores of `sqlite:///path`, `sqlite:///:memory:` or `firestore://PROJECT[/DATABASE]`, each behind its guards."""
    kept = _firestore(setting) if setting.startswith("firestore://") else _sqlite(setting)
    guards = Guards.on(time.monotonic)
    return Stores(
        GuardedConversations(kept.conversations, guards),
        GuardedBatchResults(kept.batches, guards),
        GuardedLedger(kept.ledger, guards),
        GuardedRecords(kept.requests, guards),
        GuardedKeyRecords(kept.keys, guards),
        GuardedRevocations(kept.revocations, guards),
        GuardedSubmissions(kept.submissions, guards),
        GuardedRatings(kept.ratings, guards),
        GuardedAuditRecords(kept.audit, guards),
    )


def sqlite_database(path: str, *, busy_timeout_s: float = 5.0) -> "Database":
    """A database with the tables of all records; `busy_timeout_s` is how long a write waits for another process's."""
    from ion_mentoring.backends.sqlite import Database
    from ion_mentoring.records.audit import sqlite as audit
    from ion_mentoring.records.batches import sqlite_results as batches
    from ion_mentoring.records.batches import sqlite_submissions as submissions
    from ion_mentoring.records.conversations import sqlite as conversations
    from ion_mentoring.records.feedback import sqlite as feedback
    from ion_mentoring.records.idempotency import sqlite as idempotency
    from ion_mentoring.records.keys import sqlite as keys
    from ion_mentoring.records.ledger import sqlite as ledger
    from ion_mentoring.records.revocations import sqlite as revocations

    migrations = {
        "conversations": conversations.MIGRATIONS,
        "batches": batches.MIGRATIONS,
        "ledger": ledger.MIGRATIONS,
        "idempotency": idempotency.MIGRATIONS,
        "keys": keys.MIGRATIONS,
        "revocations": revocations.MIGRATIONS,
        "submissions": submissions.MIGRATIONS,
        "feedback": feedback.MIGRATIONS,
        "audit": audit.MIGRATIONS,
    }
    return Database(path, migrations, before=TOGETHER, busy_timeout_s=busy_timeout_s)


def _sqlite(setting: str) -> Stores:
    from ion_mentoring.records.audit import sqlite as audit
    from ion_mentoring.records.batches import sqlite_results as batches
    from ion_mentoring.records.batches import sqlite_submissions as submissions
    from ion_mentoring.records.conversations import sqlite as conversations
    from ion_mentoring.records.feedback import sqlite as feedback
    from ion_mentoring.records.idempotency import sqlite as idempotency
    from ion_mentoring.records.keys import sqlite as keys
    from ion_mentoring.records.ledger import sqlite as ledger
    from ion_mentoring.records.revocations import sqlite as revocations

    database = sqlite_database(setting.removeprefix("sqlite:///"))
    return Stores(
        conversations.SqliteConversations(database, _now),
        batches.SqliteBatchResults(database, _now),
        ledger.SqliteLedger(database, _now),
        idempotency.SqliteRecords(database, _now),
        keys.SqliteKeyRecords(database, _now),
        revocations.SqliteRevocations(database, _now),
        submissions.SqliteSubmissions(database, _now),
        feedback.SqliteRatings(database, _now),
        audit.SqliteAuditRecords(database, _now),
    )


def _firestore(setting: str) -> Stores:
    from ion_mentoring.backends.firestore import Documents
    from ion_mentoring.records.audit.firestore import FirestoreAuditRecords
    from ion_mentoring.records.batches.firestore_results import FirestoreBatchResults
    from ion_mentoring.records.batches.firestore_submissions import FirestoreSubmissions
    from ion_mentoring.records.conversations.firestore import FirestoreConversations
    from ion_mentoring.records.feedback.firestore import FirestoreRatings
    from ion_mentoring.records.idempotency.firestore import FirestoreRecords
    from ion_mentoring.records.keys.firestore import FirestoreKeyRecords
    from ion_mentoring.records.ledger.firestore import FirestoreLedger
    from ion_mentoring.records.revocations.firestore import FirestoreRevocations

    parts = urlsplit(setting)
    documents = Documents(parts.netloc, parts.path.strip("/") or "(default)")
    return Stores(
        FirestoreConversations(documents, _now),
        FirestoreBatchResults(documents, _now),
        FirestoreLedger(documents, _now),
        FirestoreRecords(documents, _now),
        FirestoreKeyRecords(documents),
        FirestoreRevocations(documents, _now),
        FirestoreSubmissions(documents, _now),
        FirestoreRatings(documents, _now),
        FirestoreAuditRecords(documents),
    )


def _now() -> datetime:
    return datetime.now(UTC)
