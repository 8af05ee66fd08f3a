"""Erasures in Firestore: the collection `erasures`; a TTL policy on `expires_at` cleans up."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from ion_mentoring.backends.firestore import Added, Document, Documents
from ion_mentoring.records.erasures.protocol import RETENTION, Erasure

COLLECTION: Final = "erasures"


class FirestoreErasures:
    """One document a holder."""

    def __init__(self, documents: Documents, now: Callable[[], datetime]) -> None:
        self._documents = documents
        self._now = now

    async def get(self, holder: str) -> Erasure | None:
        """The one of a holder."""
        found = await self._documents.get(COLLECTION, holder)
        return _erasure(holder, found) if found else None

    async def put(self, erasure: Erasure) -> None:
        """Replaces it."""
        last_at = erasure.last_at or erasure.asked_at
        times = {"asked_at": erasure.asked_at, "finished_at": erasure.finished_at, "last_at": last_at}
        times["expires_at"] = last_at + RETENTION
        await self._documents.commit([Added(COLLECTION, erasure.holder, {}, {"erased": dict(erasure.erased), **times})])

    async def all(self) -> tuple[Erasure, ...]:
        """Those that have not ended."""
        now = self._now()
        found = await self._documents.named(COLLECTION)
        return tuple(_erasure(name, one) for name, one in found.items() if one["expires_at"] > now)


def _erasure(holder: str, found: Document) -> Erasure:
    return Erasure(holder, found["asked_at"], found["finished_at"], found["erased"], found.get("last_at"))
