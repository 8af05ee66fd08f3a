"""Requests that may come twice in Firestore: the collection `requests`; a TTL policy on `expires_at` cleans up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from ion_mentoring.backends.firestore import Document, Documents
from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.records.idempotency.protocol import RETENTION, Claim, Record, held

COLLECTION: Final = "requests"
TRIES: Final = 3  # each is lost only to somebody who wrote meanwhile


class FirestoreRecords:
    """One document a request, written only as it was read: its time of update is its version."""

    def __init__(self, documents: Documents, now: Callable[[], datetime]) -> None:
        self._documents = documents
        self._now = now

    async def claim(self, name: str, wanted: Record) -> Claim | Record:
        """Claims by creating the document, or by replacing one that nobody holds or that has expired."""
        for _ in range(TRIES):
            version = await self._documents.added(COLLECTION, name, self._document(wanted))
            claimed = Claim(name, wanted, version) if version else await self._again(name, wanted)
            if claimed:
                return claimed
        raise StoreUnavailable("firestore: a record that changes all the time", retry_after_s=1)

    async def _again(self, name: str, wanted: Record) -> Claim | Record | None:
        """The claim or the record where there is a document; None where it changed meanwhile."""
        found = await self._documents.versioned(COLLECTION, name)
        if found is None:
            return None
        document, version = found
        now, standing = self._now(), _record(document)
        expired = document["expires_at"] <= now
        if not expired and held(standing, wanted, now):
            return standing
        record = wanted if expired else replace(wanted, entry=standing.entry)
        return await self.update(Claim(name, standing, version), record)

    async def update(self, claim: Claim, record: Record) -> Claim | None:
        """Writes where the version is still ours."""
        version = await self._documents.replaced(COLLECTION, claim.name, self._document(record), claim.version)
        return Claim(claim.name, record, version) if version else None

    def _document(self, record: Record) -> Document:
        return {
            "fingerprint": record.fingerprint,
            "entry": record.entry,
            "held_until": record.held_until,
            "answer": record.answer,
            "expires_at": self._now() + RETENTION,
        }


def _record(document: Document) -> Record:
    return Record(document["fingerprint"], document["entry"], document["held_until"], document["answer"])
