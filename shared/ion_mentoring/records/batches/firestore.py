"""Batch results in Firestore: `batches/{digest}/results`, one document an item; a TTL policy on `expires_at` cleans up."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ion_mentoring.backends.firestore import Document, Documents
from ion_mentoring.records.batches.protocol import RETENTION, ItemResult, in_order


class FirestoreBatchResults:
    """Results are created and never overwritten: two workers with the same item cannot both win.

    An answer is kept as JSON text: Firestore takes no array in an array, and would index each field of it.
    """

    def __init__(self, documents: Documents, now: Callable[[], datetime]) -> None:
        self._documents = documents
        self._now = now

    async def has(self, batch_id: str, item_id: str) -> bool:
        """True if an item has its result."""
        return await self._documents.get(_results(batch_id), _name(item_id)) is not None

    async def store(self, result: ItemResult) -> bool:
        """Keeps a result; False if the item had one."""
        document = {
            "item_id": result.item_id,
            "state": result.state,
            "answer": None if result.answer is None else json.dumps(dict(result.answer), ensure_ascii=False),
            "reason": result.reason,
            "at": result.at,
            "expires_at": result.at + RETENTION,
        }
        return await self._documents.create(_results(result.batch_id), _name(result.item_id), document)

    async def of(self, batch_id: str) -> tuple[ItemResult, ...]:
        """All results; expired ones are left out here, since TTL deletes late."""
        now = self._now()
        return in_order(
            [
                ItemResult(batch_id, one["item_id"], one["state"], _answer(one), one["reason"], one["at"])
                for one in await self._documents.all(_results(batch_id))
                if one["expires_at"] > now
            ]
        )


def _answer(document: Document) -> dict[str, Any] | None:
    return None if document["answer"] is None else json.loads(document["answer"])


def _results(batch_id: str) -> str:
    return f"batches/{_name(batch_id)}/results"


def _name(sent: str) -> str:
    """Ids are the callers' and may hold anything; a document's name may not."""
    return hashlib.sha256(sent.encode("utf-8", "surrogatepass")).hexdigest()
