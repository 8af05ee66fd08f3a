"""Revoked tokens in Firestore: the collection `revocations`; a TTL policy on `expires_at` cleans up."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Final

from ion_mentoring.backends.firestore import Added, Documents
from ion_mentoring.records.revocations.protocol import RETENTION, Revocation

COLLECTION: Final = "revocations"


class FirestoreRevocations:
    """One document a revocation."""

    def __init__(self, documents: Documents, now: Callable[[], datetime]) -> None:
        self._documents = documents
        self._now = now

    async def put(self, revocation: Revocation) -> None:
        """Keeps one."""
        fields = {
            "tenant": revocation.tenant,
            "kind": revocation.kind,
            "value": revocation.value,
            "made_at": revocation.made_at,
            "expires_at": revocation.made_at + RETENTION,
        }
        await self._documents.commit([Added(COLLECTION, _name(revocation), {}, fields)])

    async def all(self) -> tuple[Revocation, ...]:
        """Those that have not expired, whether or not they were cleaned up."""
        now = self._now()
        return tuple(
            Revocation(found["tenant"], found["kind"], found["value"], found["made_at"])
            for found in await self._documents.all(COLLECTION)
            if found["expires_at"] > now
        )


def _name(revocation: Revocation) -> str:
    """A name for whatever an issuer calls its tokens and people: a subject may have slashes, and no limit of ours."""
    parts = (revocation.tenant, revocation.kind, revocation.value)
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
