"""The stores that STORE names; Firestore's client is imported only where it is used."""

import os
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from msgspec import Struct

from ion_mentoring.backends.guard import Guards
from ion_mentoring.records.audit.guarded import GuardedAuditRecords
from ion_mentoring.records.audit.protocol import AuditRecords
from ion_mentoring.records.batches.guarded_results import GuardedBatchResults
from ion_mentoring.records.batches.guarded_submissions import GuardedSubmissions
from ion_mentoring.records.batches.results import BatchResults
from ion_mentoring.records.batches.submissions import Submissions
from ion_mentoring.records.batches.words import BatchWords
from ion_mentoring.records.conversations.guarded import GuardedConversations
from ion_mentoring.records.conversations.sealed import SealedConversations
from ion_mentoring.records.conversations.stored import StoredConversations
from ion_mentoring.records.erasures.protocol import Erasures
from ion_mentoring.records.experiments.guarded import GuardedArmSums, GuardedExperiments, GuardedExposures
from ion_mentoring.records.experiments.keyed import KeyedExposures
from ion_mentoring.records.experiments.protocol import ArmSums, Experiments, Exposures
from ion_mentoring.records.feedback.guarded import GuardedRatings
from ion_mentoring.records.feedback.keyed import KeyedRatings
from ion_mentoring.records.feedback.protocol import Ratings
from ion_mentoring.records.flags.guarded import GuardedFlagChoices
from ion_mentoring.records.flags.protocol import FlagChoices
from ion_mentoring.records.idempotency.guarded import GuardedRecords
from ion_mentoring.records.idempotency.keyed import KeyedRecords
from ion_mentoring.records.idempotency.protocol import Records
from ion_mentoring.records.keys.guarded import GuardedKeyRecords
from ion_mentoring.records.keys.protocol import KeyRecords
from ion_mentoring.records.ledger.guarded import GuardedLedger
from ion_mentoring.records.ledger.keyed import KeyedLedger
from ion_mentoring.records.ledger.protocol import Ledger
from ion_mentoring.records.profiles.guarded import GuardedProfiles
from ion_mentoring.records.profiles.keyed import KeyedProfiles
from ion_mentoring.records.profiles.protocol import Profiles
from ion_mentoring.records.revocations.guarded import GuardedRevocations
from ion_mentoring.records.revocations.protocol import Revocations
from ion_mentoring.records.user_keys.guarded import GuardedKeyStore
from ion_mentoring.records.user_keys.keyring import Keyring
from ion_mentoring.records.user_keys.protocol import KeyStore
from ion_mentoring.sealing.master import MasterKey
from ion_mentoring.settings.store import Store
from ion_mentoring.wiring.sealing import master_key

if TYPE_CHECKING:
    from ion_mentoring.backends.sqlite import Database

# The records' versions in a file that was made when they had one together, by that version.
TOGETHER: Final = (
    {"conversations": 1, "batches": 1},
    {"conversations": 2, "batches": 2},
    {"conversations": 2, "batches": 2, "ledger": 1},
    {"conversations": 2, "batches": 2, "ledger": 1, "idempotency": 1},
)


class Kept(Struct, frozen=True):
    """The stores as they are, without guards and seals."""

    conversations: StoredConversations
    batches: BatchResults
    ledger: Ledger
    requests: Records
    keys: KeyRecords
    revocations: Revocations
    submissions: Submissions
    ratings: Ratings
    profiles: Profiles
    flags: FlagChoices
    experiments: Experiments
    exposures: Exposures
    arm_sums: ArmSums
    audit: AuditRecords
    keyring: Keyring
    erasures: Erasures
    settle: Callable[[], Awaitable[object]]
    sweep: Callable[[], Awaitable[int]]


class Stores(Struct, frozen=True):
    """The stores of what must last; `stored` are the conversations as they lie in theirs, under the keys of `keyring`.

    All of them are behind `guards`.
    """

    conversations: SealedConversations
    batches: BatchResults
    ledger: Ledger
    requests: Records
    keys: KeyRecords
    revocations: Revocations
    submissions: Submissions
    ratings: KeyedRatings
    profiles: KeyedProfiles
    flags: FlagChoices
    experiments: Experiments
    exposures: KeyedExposures
    arm_sums: ArmSums
    audit: AuditRecords
    stored: StoredConversations
    keyring: Keyring
    erasures: Erasures
    settle: Callable[[], Awaitable[object]]
    sweep: Callable[[], Awaitable[int]]
    guards: Guards


def stores(setting: str, master: MasterKey | None = None) -> Stores:
    """Stores of `sqlite:///path`, `sqlite:///:memory:` or `firestore://PROJECT[/DATABASE]`, each behind its guards.

    Without a master key they have the one that lies beside them.
    """
    guards = Guards.on(time.monotonic)
    opener = master or master_key(Store(store=setting))

    def keyring(kept: KeyStore) -> Keyring:
        return Keyring(GuardedKeyStore(kept, guards), opener, _now, time.monotonic, os.urandom)

    kept = _firestore(setting, keyring) if setting.startswith("firestore://") else _sqlite(setting, keyring)
    conversations = GuardedConversations(kept.conversations, guards)
    return Stores(
        SealedConversations(conversations, kept.keyring),
        GuardedBatchResults(kept.batches, guards),
        KeyedLedger(GuardedLedger(kept.ledger, guards), kept.keyring),
        KeyedRecords(GuardedRecords(kept.requests, guards), kept.keyring),
        GuardedKeyRecords(kept.keys, guards),
        GuardedRevocations(kept.revocations, guards),
        GuardedSubmissions(kept.submissions, guards),
        KeyedRatings(GuardedRatings(kept.ratings, guards), kept.keyring),
        KeyedProfiles(GuardedProfiles(kept.profiles, guards), kept.keyring),
        GuardedFlagChoices(kept.flags, guards),
        GuardedExperiments(kept.experiments, guards),
        KeyedExposures(GuardedExposures(kept.exposures, guards), kept.keyring),
        GuardedArmSums(kept.arm_sums, guards),
        GuardedAuditRecords(kept.audit, guards),
        conversations,
        kept.keyring,
        kept.erasures,
        kept.settle,
        kept.sweep,
        guards,
    )


def sqlite_database(path: str, *, busy_timeout_s: float = 5.0) -> "Database":
    """A database with the tables of all records; `busy_timeout_s` is how long a write waits for another process's."""
    from ion_mentoring.backends.sqlite import Database
    from ion_mentoring.records.audit import sqlite as audit
    from ion_mentoring.records.batches import sqlite_results as batches
    from ion_mentoring.records.batches import sqlite_submissions as submissions
    from ion_mentoring.records.conversations import sqlite as conversations
    from ion_mentoring.records.experiments import sqlite as experiments
    from ion_mentoring.records.feedback import sqlite as feedback
    from ion_mentoring.records.flags import sqlite as flags
    from ion_mentoring.records.idempotency import sqlite as idempotency
    from ion_mentoring.records.keys import sqlite as keys
    from ion_mentoring.records.ledger import sqlite as ledger
    from ion_mentoring.records.profiles import sqlite as profiles
    from ion_mentoring.records.revocations import sqlite as revocations
    from ion_mentoring.records.user_keys import sqlite as user_keys

    migrations = {
        "conversations": conversations.MIGRATIONS,
        "batches": batches.MIGRATIONS,
        "ledger": ledger.MIGRATIONS,
        "idempotency": idempotency.MIGRATIONS,
        "keys": keys.MIGRATIONS,
        "revocations": revocations.MIGRATIONS,
        "submissions": submissions.MIGRATIONS,
        "feedback": feedback.MIGRATIONS,
        "profiles": profiles.MIGRATIONS,
        "flags": flags.MIGRATIONS,
        "experiments": experiments.MIGRATIONS,
        "audit": audit.MIGRATIONS,
        "user_keys": user_keys.MIGRATIONS,  # after the others: it looks into their tables
    }
    return Database(path, migrations, before=TOGETHER, busy_timeout_s=busy_timeout_s)


def erasures_database(setting: str) -> "Database":
    """The list of erasures, in a file of its own beside the store's: no copy of the store brings an earlier one back."""
    from ion_mentoring.backends.sqlite import Database
    from ion_mentoring.records.erasures import sqlite as erasures

    path = setting.removeprefix("sqlite:///")
    own = path if path == ":memory:" else f"{path}.erasures"
    return Database(own, {"erasures": erasures.MIGRATIONS})


def _sqlite(setting: str, ring: Callable[[KeyStore], Keyring]) -> Kept:
    from ion_mentoring.records.audit import sqlite as audit
    from ion_mentoring.records.batches import sqlite_results as batches
    from ion_mentoring.records.batches import sqlite_submissions as submissions
    from ion_mentoring.records.conversations import sqlite as conversations
    from ion_mentoring.records.erasures import sqlite as erasures
    from ion_mentoring.records.experiments import sqlite as experiments
    from ion_mentoring.records.feedback import sqlite as feedback
    from ion_mentoring.records.flags import sqlite as flags
    from ion_mentoring.records.idempotency import sqlite as idempotency
    from ion_mentoring.records.keys import sqlite as keys
    from ion_mentoring.records.ledger import sqlite as ledger
    from ion_mentoring.records.profiles import sqlite as profiles
    from ion_mentoring.records.revocations import sqlite as revocations
    from ion_mentoring.records.user_keys import sqlite as user_keys
    from ion_mentoring.wiring.sweeping import sqlite_sweep

    database = sqlite_database(setting.removeprefix("sqlite:///"))
    listed = erasures_database(setting)
    keyring = ring(user_keys.SqliteKeyStore(database))
    words = BatchWords(keyring)
    return Kept(
        conversations.SqliteConversations(database, _now),
        batches.SqliteBatchResults(database, _now, words),
        ledger.SqliteLedger(database, _now),
        idempotency.SqliteRecords(database, _now),
        keys.SqliteKeyRecords(database, _now),
        revocations.SqliteRevocations(database, _now),
        submissions.SqliteSubmissions(database, _now, words),
        feedback.SqliteRatings(database, _now),
        profiles.SqliteProfiles(database, _now),
        flags.SqliteFlagChoices(database),
        experiments.SqliteExperiments(database),
        experiments.SqliteExposures(database, _now),
        experiments.SqliteArmSums(database, _now),
        audit.SqliteAuditRecords(database, _now),
        keyring,
        erasures.SqliteErasures(listed, _now),
        database.truncate,
        sqlite_sweep(database, listed, _now),
    )


def _firestore(setting: str, ring: Callable[[KeyStore], Keyring]) -> Kept:
    from ion_mentoring.backends.firestore import Documents
    from ion_mentoring.records.audit.firestore import FirestoreAuditRecords
    from ion_mentoring.records.batches.firestore_results import FirestoreBatchResults
    from ion_mentoring.records.batches.firestore_submissions import FirestoreSubmissions
    from ion_mentoring.records.conversations.firestore import FirestoreConversations
    from ion_mentoring.records.erasures.firestore import FirestoreErasures
    from ion_mentoring.records.experiments.firestore import FirestoreArmSums, FirestoreExperiments, FirestoreExposures
    from ion_mentoring.records.feedback.firestore import FirestoreRatings
    from ion_mentoring.records.flags.firestore import FirestoreFlagChoices
    from ion_mentoring.records.idempotency.firestore import FirestoreRecords
    from ion_mentoring.records.keys.firestore import FirestoreKeyRecords
    from ion_mentoring.records.ledger.firestore import FirestoreLedger
    from ion_mentoring.records.profiles.firestore import FirestoreProfiles
    from ion_mentoring.records.revocations.firestore import FirestoreRevocations
    from ion_mentoring.records.user_keys.firestore import FirestoreKeyStore

    parts = urlsplit(setting)
    documents = Documents(parts.netloc, parts.path.strip("/") or "(default)")
    keyring = ring(FirestoreKeyStore(documents))
    words = BatchWords(keyring)
    return Kept(
        FirestoreConversations(documents, _now),
        FirestoreBatchResults(documents, _now, words),
        FirestoreLedger(documents, _now),
        FirestoreRecords(documents, _now),
        FirestoreKeyRecords(documents),
        FirestoreRevocations(documents, _now),
        FirestoreSubmissions(documents, _now, words),
        FirestoreRatings(documents, _now),
        FirestoreProfiles(documents, _now),
        FirestoreFlagChoices(documents),
        FirestoreExperiments(documents),
        FirestoreExposures(documents, _now),
        FirestoreArmSums(documents, _now),
        FirestoreAuditRecords(documents),
        keyring,
        FirestoreErasures(documents, _now),
        _settled,
        _swept,
    )


def _now() -> datetime:
    return datetime.now(UTC)


async def _swept() -> int:
    """Nothing to sweep: TTL policies do that in Firestore."""
    return 0


async def _settled() -> None:
    """Nothing to write over: what is deleted in Firestore is gone."""
