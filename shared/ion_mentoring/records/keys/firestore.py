"""API keys in Firestore; a TTL policy on `expires_at` cleans both collections up.

api_keys/{id}       one key; `expires_at` has a time once the key has an end
api_key_uses/{id}   the minute of its last use, apart, so that a use never stands in the way of a change
"""

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

from ion_mentoring.backends.firestore import Document, Documents
from ion_mentoring.records.keys.protocol import KEPT_AFTER_END, KeyRecord, SecretMark, StoredKey

KEYS: Final = "api_keys"
USES: Final = "api_key_uses"
MINUTE_S: Final = 60


class FirestoreKeyRecords:
    """One document a key, written only as it was read: its time of update is its version."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def add(self, record: KeyRecord) -> bool:
        """Keeps a new key."""
        return await self._documents.create(KEYS, record.id, _document(record))

    async def get(self, key_id: str) -> StoredKey | None:
        """The key of an id."""
        found = await self._documents.versioned(KEYS, key_id)
        return StoredKey(_record(found[0]), found[1]) if found else None

    async def replace(self, stored: StoredKey, record: KeyRecord) -> bool:
        """Writes where the version is still the one that was read."""
        return await self._documents.replaced(KEYS, record.id, _document(record), stored.version) is not None

    async def of(self, tenant: str) -> tuple[tuple[KeyRecord, datetime | None], ...]:
        """The keys of a tenant: all are read, since they are few, and an index for one list would be written with each key."""
        keys, uses = await asyncio.gather(self._documents.all(KEYS), self._documents.named(USES))
        records = [_record(document) for document in keys if document["tenant"] == tenant]
        records.sort(key=lambda record: (record.created_at, record.id))
        return tuple((record, _used(uses.get(record.id))) for record in records)

    async def used(self, key_id: str, at: datetime) -> None:
        """Notes a use."""
        await self._documents.raised(
            USES, key_id, {"minute": int(at.timestamp() // MINUTE_S)}, {"expires_at": at + KEPT_AFTER_END}
        )


def _document(record: KeyRecord) -> Document:
    return {
        **asdict(record),
        "scopes": list(record.scopes),
        "secrets": [asdict(mark) for mark in record.secrets],
        "expires_at": record.kept_until,
    }


def _record(document: Document) -> KeyRecord:
    fields = {name: value for name, value in document.items() if name != "expires_at"}
    secrets = tuple(SecretMark(**mark) for mark in fields.pop("secrets"))
    return KeyRecord(**{**fields, "secrets": secrets, "scopes": tuple(fields["scopes"])})


def _used(document: Document | None) -> datetime | None:
    return datetime.fromtimestamp(document["minute"] * MINUTE_S, UTC) if document else None
