"""Batch results in Firestore: `batches/{batch}/results`, one document an item; a TTL policy on `expires_at` cleans up."""

import asyncio
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from ion_mentoring.backends.firestore import Document, Documents
from ion_mentoring.records.batches.results import Counts, ItemResult, in_order

OURS: Final = re.compile(r"batch_[0-9a-z]{26}|[0-9]{5}")  # a batch of the API, and the place of an item in it


class FirestoreBatchResults:
    """Results are created and never overwritten: two workers with the same item cannot both win.

    An answer is kept as JSON text: Firestore takes no array in an array, and would index each field of it.
    """

    def __init__(self, documents: Documents, now: Callable[[], datetime]) -> None:
        self._documents = documents
        self._now = now

    async def found(self, batch_id: str, names: Sequence[str]) -> Mapping[str, ItemResult]:
        """The results that there are, in one call."""
        found = await self._documents.some(_results(batch_id), [document_name(name) for name in names])
        return {name: _result(batch_id, found[at]) for name in names if (at := document_name(name)) in found}

    async def store(self, result: ItemResult) -> bool:
        """Keeps a result; False if the item had one."""
        collection, name, document = _results(result.batch_id), document_name(result.name), _document(result)
        if await self._documents.create(collection, name, document):
            return True
        return bool(result.round) and await self._replaced(collection, name, document)

    async def _replaced(self, collection: str, name: str, document: Document) -> bool:
        """Writes over a failed result of an earlier round; False if it is none, or somebody else was first."""
        standing = await self._documents.versioned(collection, name)
        if standing is None or standing[0]["state"] != "failed" or standing[0].get("round", 0) >= document["round"]:
            return False
        return await self._documents.replaced(collection, name, document, standing[1]) is not None

    async def of(self, batch_id: str) -> tuple[ItemResult, ...]:
        """All results; expired ones are left out here, since TTL deletes late."""
        now = self._now()
        documents = await self._documents.all(_results(batch_id))
        return in_order([_result(batch_id, one) for one in documents if one["expires_at"] > now])

    async def page(self, batch_id: str, first: str, last: str) -> tuple[ItemResult, ...]:
        """The results of items whose names lie in a range; names of the API's batches are their places."""
        now = self._now()
        documents = await self._documents.range(_results(batch_id), document_name(first), document_name(last))
        return tuple(_result(batch_id, one) for one in documents if one["expires_at"] > now)

    async def counts(self, batch_id: str) -> Counts:
        """Counted by the store: a read for a thousand results, and no counter that all workers would have to wait for."""
        at = _results(batch_id)
        answered, failed, marked, first = await asyncio.gather(
            self._documents.count(at, "state", "answered"),
            self._documents.count(at, "state", "failed"),
            self._documents.count(at, "look_first", True),
            self._documents.oldest(at, "at"),
        )
        return Counts(answered, failed, marked, first["at"] if first else None)

    async def answered_since(self, batch_id: str, moment: datetime) -> bool:
        """Looks at the newest results: failed ones come in dozens at most before an answered one."""
        newest = await self._documents.newest(_results(batch_id), "at", 50)
        return any(one["state"] == "answered" and one["at"] > moment for one in newest)


def _document(result: ItemResult) -> dict[str, Any]:
    document: dict[str, Any] = {
        "item_id": result.item_id,
        "state": result.state,
        "answer": _json(result.answer),
        "reason": result.reason,
        "at": result.at,
        "expires_at": result.until,
    }
    own = {"key": result.key, "round": result.round, "look_first": result.look_first, "bill": _json(result.bill)}
    return document | own


def _result(batch_id: str, one: Document) -> ItemResult:
    """The result of a document; those of earlier versions have fewer fields."""
    return ItemResult(
        batch_id,
        one["item_id"],
        one["state"],
        _read(one["answer"]),
        one["reason"],
        one["at"],
        one.get("key"),
        one.get("round", 0),
        one.get("look_first", False),
        _read(one.get("bill")),
        one["expires_at"],
    )


def _json(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(dict(value), ensure_ascii=False)


def _read(text: str | None) -> dict[str, Any] | None:
    return None if text is None else json.loads(text)


def _results(batch_id: str) -> str:
    return f"batches/{document_name(batch_id)}/results"


def document_name(sent: str) -> str:
    """Ids are the callers' and may hold anything; a document's name may not. Ours are names already."""
    return sent if OURS.fullmatch(sent) else hashlib.sha256(sent.encode("utf-8", "surrogatepass")).hexdigest()
