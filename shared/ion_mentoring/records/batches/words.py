"""The words of batches, sealed: a batch under the keys of its caller, an item and its result under those of their user.

What was kept before there was sealing is JSON as it is, and reads as such.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from ion_mentoring.records.batches.codec import decode, decode_items, encode, encode_items
from ion_mentoring.records.batches.results import ERASED, ItemResult
from ion_mentoring.records.batches.submissions import Batch, Chunk, Owner, SubmittedItem
from ion_mentoring.records.conversations.protocol import digest_of
from ion_mentoring.records.conversations.sealed import holder_name
from ion_mentoring.records.user_keys.keyring import Keyring
from ion_mentoring.sealing.form import holder_of, is_sealed

if TYPE_CHECKING:
    from ion_mentoring.sealing.words import UserKeys

OURS: Final = re.compile(r"batch_[0-9a-z]{26}|[0-9]{5}")  # a batch of the API, and the place of an item in it


@dataclass(frozen=True, slots=True)
class SealedChunk:
    """The items of a chunk, each sealed for its own user; `holders` are whose they are."""

    lane: str
    number: int
    items: str
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A result as stores have it: its names, its words under the keys of `holder`, and beside them what is counted."""

    batch: str
    item: str
    holder: str | None
    words: str | None
    state: str
    at: datetime
    key: str | None
    round: int
    look_first: bool
    expires_at: datetime


class BatchWords:
    """Seals and opens. What opens nowhere is a user's who was erased."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    async def owner(self, owner: Owner) -> str:
        """The name of a caller's list of batches."""
        return (await self._keyring.names()).of("batches", owner.tenant, owner.caller)

    async def batch_name(self, batch_id: str) -> str:
        """The name of a batch: its id where that is ours, else a keyed one, since publishers' ids may be anything."""
        return batch_id if OURS.fullmatch(batch_id) else (await self._keyring.names()).of("batch", batch_id)

    async def item_names(self, batch_id: str, sent: Sequence[str]) -> Mapping[str, str]:
        """The names of items by what they are called: places as they are, else keyed ones."""
        names = await self._keyring.names()
        return {one: one if OURS.fullmatch(one) else names.of("item", batch_id, one) for one in sent}

    async def seal_batch(self, batch: Batch) -> str:
        """A batch under the keys of its caller."""
        holder = await self._holder(f"{batch.owner.caller}/")
        return (await self._keyring.made([holder]))[holder].seal(encode(batch), batch.id, "batch")

    async def open_batches(self, found: Sequence[tuple[str, str, str]]) -> tuple[Batch, ...]:
        """The batches of ids, texts and versions, as far as they open."""
        keys = await self._keys(text for _, text, _ in found)
        opened = ((self._open(keys, text, batch_id, "batch"), version) for batch_id, text, version in found)
        return tuple(decode(Batch, text, version) for text, version in opened if text is not None)

    async def seal_chunks(self, batch: Batch, chunks: Sequence[Chunk]) -> list[SealedChunk]:
        """Chunks, each item under the keys of its user."""
        names = await self._keyring.names()
        whose = {item.owner: holder_name(names, digest_of(item.owner)) for chunk in chunks for item in chunk.items}
        keys = await self._keyring.made(whose.values())
        return [
            SealedChunk(
                chunk.lane,
                chunk.number,
                json.dumps([_sealed_item(keys[whose[item.owner]], batch.id, item) for item in chunk.items]),
                tuple(sorted({whose[item.owner] for item in chunk.items})),
            )
            for chunk in chunks
        ]

    async def open_items(self, batch_id: str, chunks: Sequence[str]) -> tuple[SubmittedItem, ...]:
        """The items of the texts of chunks; those of a user who was erased say nothing but their place."""
        listed = [one for text in chunks for one in json.loads(text)]
        keys = await self._keys(one["sealed"] for one in listed if "sealed" in one)
        return tuple(self._item(keys, batch_id, one) for one in listed)

    async def seal_result(self, result: ItemResult) -> StoredResult:
        """A result under the keys of its item's user."""
        holder = await self._holder(result.owner)
        keys = (await self._keyring.made([holder]))[holder]
        batch = await self.batch_name(result.batch_id)
        item = (await self.item_names(result.batch_id, [result.name]))[result.name]
        words = keys.seal(plain_words(result.item_id, result.answer, result.reason, result.bill), batch, item, "result")
        kept = (result.state, result.at, result.key, result.round, result.look_first, result.until)
        return StoredResult(batch, item, holder, words, *kept)

    async def open_results(self, batch_id: str, found: Mapping[str, StoredResult]) -> dict[str, ItemResult]:
        """Results by the name that their item was called by."""
        keys = await self._keys(one.words or "" for one in found.values())
        return {name: self._result(keys, batch_id, name, one) for name, one in found.items()}

    def _result(self, keys: Mapping[str, "UserKeys"], batch_id: str, name: str, one: StoredResult) -> ItemResult:
        text = self._open(keys, one.words, one.batch, one.item, "result") if one.words else None
        gone = {"item_id": name.lstrip("0") or name, "answer": None, "reason": ERASED, "bill": None}
        said: dict[str, Any] = json.loads(text) if text else gone
        state: Any = one.state if text else "failed"
        result = ItemResult(batch_id, said["item_id"], state, said["answer"], said["reason"], one.at, one.key)
        own = {"round": one.round, "look_first": one.look_first, "bill": said["bill"], "expires_at": one.expires_at}
        return replace(result, **own)

    def _item(self, keys: Mapping[str, "UserKeys"], batch_id: str, one: Mapping[str, Any]) -> SubmittedItem:
        if one.keys() == {"place"}:
            return SubmittedItem(one["place"], str(one["place"]), {})
        if "sealed" not in one:
            return decode_items(json.dumps([one]))[0]
        text = self._open(keys, one["sealed"], batch_id, str(one["place"]), "item")
        return decode_items(f"[{text}]")[0] if text else SubmittedItem(one["place"], str(one["place"]), {})

    async def keys_of(self, holder: str) -> "UserKeys | None":
        """The keys of a holder; None where there are none, or they are gone."""
        return (await self._keyring.keys([holder])).get(holder)

    async def _holder(self, owner: str) -> str:
        return holder_name(await self._keyring.names(), digest_of(owner))

    async def _keys(self, texts: Iterable[str]) -> Mapping[str, "UserKeys"]:
        return await self._keyring.keys({holder for text in texts if (holder := holder_of(text))})

    @staticmethod
    def _open(keys: Mapping[str, "UserKeys"], text: str, *at: str) -> str | None:
        """The text at its place; one that was never sealed is as it is."""
        if not is_sealed(text):
            return text
        own = keys.get(holder_of(text) or "")
        return own.open(text, *at) if own else None


def emptied_items(items: str, holder: str) -> tuple[str, int]:
    """The text of a chunk without the words of a holder's items, which keep their places; and how many those were."""
    listed = json.loads(items)
    emptied = [{"place": one["place"]} if holder_of(one.get("sealed", "")) == holder else one for one in listed]
    return json.dumps(emptied), sum(new is not old for new, old in zip(emptied, listed, strict=True))


def plain_words(item_id: str, answer: object, reason: str | None, bill: object) -> str:
    """The words of a result, before they are sealed."""
    said = {"item_id": item_id, "answer": answer, "reason": reason, "bill": bill}
    return json.dumps(said, ensure_ascii=False, default=dict)


def _sealed_item(keys: "UserKeys", batch_id: str, item: SubmittedItem) -> dict[str, Any]:
    return {"place": item.place, "sealed": keys.seal(encode_items((item,))[1:-1], batch_id, str(item.place), "item")}
