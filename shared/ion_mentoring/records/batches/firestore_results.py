"""Batch results in Firestore: `batches/{batch}/results`, one document an item; a TTL policy on `expires_at` cleans up."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from ion_mentoring.backends.firestore import Added, Document, Documents
from ion_mentoring.records.batches.held import held_result
from ion_mentoring.records.batches.results import Counts, HeldResult, ItemResult, in_order
from ion_mentoring.records.batches.words import OURS, BatchWords, StoredResult, plain_words
from ion_mentoring.records.paging import Page

PAGE: Final = 300
HELD: Final = 50  # read at once of one person's


class FirestoreBatchResults:
    """Results are created and never overwritten: two workers with the same item cannot both win.

    Those of before there was sealing have their words in fields of their own, and other names where those were publishers'.
    """

    def __init__(self, documents: Documents, now: Callable[[], datetime], words: BatchWords) -> None:
        self._documents = documents
        self._now = now
        self._words = words

    async def found(self, batch_id: str, names: Sequence[str]) -> Mapping[str, ItemResult]:
        """The results that there are, in one call; in two, where they may be of before there was sealing."""
        batch, items = await self._words.batch_name(batch_id), await self._words.item_names(batch_id, names)
        sealed, plain = await asyncio.gather(
            self._some(batch, [items[name] for name in names]),
            self._some(plain_name(batch_id), [plain_name(name) for name in names]) if batch != batch_id else _none(),
        )
        there = {name: one for name in names if (one := sealed.get(items[name]) or plain.get(plain_name(name)))}
        return await self._words.open_results(batch_id, there)

    async def store(self, result: ItemResult) -> bool:
        """Keeps a result; False if the item had one."""
        sealed = await self._words.seal_result(result)
        collection, document = _results(sealed.batch), _document(sealed)
        if await self._documents.create(collection, sealed.item, document):
            return True
        return bool(result.round) and await self._replaced(collection, sealed.item, document)

    async def _replaced(self, collection: str, name: str, document: Document) -> bool:
        """Writes over a failed result of an earlier round; False if it is none, or somebody else was first."""
        standing = await self._documents.versioned(collection, name)
        if standing is None or standing[0]["state"] != "failed" or standing[0].get("round", 0) >= document["round"]:
            return False
        return await self._documents.replaced(collection, name, document, standing[1]) is not None

    async def of(self, batch_id: str) -> tuple[ItemResult, ...]:
        """All results; expired ones are left out here, since TTL deletes late."""
        batch, now = await self._words.batch_name(batch_id), self._now()
        found = await self._documents.named(_results(batch))
        plain = await self._documents.named(_results(plain_name(batch_id))) if batch != batch_id else {}
        stored = {name: _stored(batch, name, one) for name, one in (plain | found).items() if one["expires_at"] > now}
        return in_order(list((await self._words.open_results(batch_id, stored)).values()))

    async def page(self, batch_id: str, first: str, last: str) -> tuple[ItemResult, ...]:
        """The results of items whose names lie in a range; names of the API's batches are their places."""
        now = self._now()
        found = await self._documents.named_range(_results(batch_id), first, last)
        stored = {name: _stored(batch_id, name, one) for name, one in found.items() if one["expires_at"] > now}
        return tuple((await self._words.open_results(batch_id, stored)).values())

    async def counts(self, batch_id: str) -> Counts:
        """Counted by the store: a read for a thousand results, and no counter that all workers would have to wait for."""
        at = _results(await self._words.batch_name(batch_id))
        answered, failed, marked, first = await asyncio.gather(
            self._documents.count(at, "state", "answered"),
            self._documents.count(at, "state", "failed"),
            self._documents.count(at, "look_first", True),
            self._documents.oldest(at, "at"),
        )
        return Counts(answered, failed, marked, first["at"] if first else None)

    async def answered_since(self, batch_id: str, moment: datetime) -> bool:
        """Looks at the newest results: failed ones come in dozens at most before an answered one."""
        newest = await self._documents.newest(_results(await self._words.batch_name(batch_id)), "at", 50)
        return any(one["state"] == "answered" and one["at"] > moment for one in newest)

    async def held(self, holder: str, after: str) -> Page[HeldResult]:
        """The results of a holder wherever they are; the place is the path of the last one."""
        found = await self._documents.everywhere("results", "holder", holder, HELD, after=after)
        keys, now = await self._words.keys_of(holder), self._now()
        there = [one for one in found if one.document["expires_at"] > now]
        opened = (held_result(keys, _stored(one.parent, one.name, one.document)) for one in there) if keys else ()
        return Page(tuple(one for one in opened if one), found[-1].path if len(found) == HELD else "")

    async def erase(self, holder: str) -> int:
        """Empties documents, some at a time, wherever they are."""
        erased = 0
        while found := await self._documents.everywhere("results", "holder", holder, PAGE):
            empty = {"holder": None, "words": None}
            await self._documents.commit([Added(_results(one.parent), one.name, {}, empty) for one in found])
            erased += len(found)
        return erased

    async def _some(self, batch: str, items: Sequence[str]) -> dict[str, StoredResult]:
        found = await self._documents.some(_results(batch), items)
        return {name: _stored(batch, name, one) for name, one in found.items()}


async def _none() -> dict[str, StoredResult]:
    return {}


def _document(result: StoredResult) -> dict[str, Any]:
    document = {"holder": result.holder, "words": result.words, "state": result.state, "at": result.at}
    own = {"key": result.key, "round": result.round, "look_first": result.look_first, "expires_at": result.expires_at}
    return document | own


def _stored(batch: str, name: str, one: Document) -> StoredResult:
    """The result of a document; those of earlier versions have fewer fields, and words in plain."""
    words = one.get("words")
    if words is None and (one.get("answer") is not None or one.get("reason") is not None):
        words = plain_words(one["item_id"], _read(one["answer"]), one["reason"], _read(one.get("bill")))
    kept = (one.get("key"), one.get("round", 0), one.get("look_first", False), one["expires_at"])
    return StoredResult(batch, name, one.get("holder"), words, one["state"], one["at"], *kept)


def _read(text: str | None) -> dict[str, Any] | None:
    return None if text is None else json.loads(text)


def _results(batch: str) -> str:
    return f"batches/{batch}/results"


def plain_name(sent: str) -> str:
    """The name of before there was sealing: ids are the callers' and may hold anything; a document's name may not."""
    return sent if OURS.fullmatch(sent) else hashlib.sha256(sent.encode("utf-8", "surrogatepass")).hexdigest()
