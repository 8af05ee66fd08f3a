"""Batches in Firestore.

batches/{id}                     one batch
batches/{id}/lanes/{lane}        where each of its lanes stands
batches/{id}/chunks/{lane}-{n}   its items, some two dozen in a document
owners/{owner}/batches/{id}      which batches an owner has
outbox/{id}                      batches that have not been told about to the end

TTL policies on `expires_at` clean all of them up. Chunks are written first, in several commits; the batch, its lanes and its
entry in the outbox are one commit, so that a batch is there as a whole or not at all.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from ion_mentoring.backends.firestore import Added, Change, Created, Document, Documents, Replaced
from ion_mentoring.records.batches.codec import decode, encode
from ion_mentoring.records.batches.held import held_items
from ion_mentoring.records.batches.submissions import Batch, Chunk, HeldItem, Lane, Owner
from ion_mentoring.records.batches.words import BatchWords, SealedChunk, emptied_items
from ion_mentoring.records.paging import Page

PAGE: Final = 50
CHUNKS: Final = 5  # read at once of one person's: some two dozen items each
COMMIT_BYTES: Final = 2 * 1024 * 1024  # of chunks in one commit: its emulator takes 4 MiB, Firestore 10
COMMIT_WRITES: Final = 400  # of 500


class FirestoreSubmissions:
    """A document's time of update is its version."""

    def __init__(self, documents: Documents, now: Callable[[], datetime], words: BatchWords) -> None:
        self._documents = documents
        self._now = now
        self._words = words

    async def create(self, batch: Batch, chunks: Sequence[Chunk], lanes: Sequence[Lane]) -> bool:
        """Keeps the chunks, then the rest in one commit."""
        await self._keep(batch, chunks)
        listed = {"id": batch.id, "created_at": batch.created_at, "expires_at": batch.expires_at}
        changes = (
            Created("batches", batch.id, await self._document(batch)),
            Created(_listed(await self._words.owner(batch.owner)), batch.id, listed),
            *self._opened(batch, lanes),
        )
        return await self._documents.commit(changes) is not None

    async def resume(self, batch: Batch, chunks: Sequence[Chunk], lanes: Sequence[Lane]) -> bool:
        """Keeps more chunks, then lanes and batch in one commit."""
        await self._keep(batch, chunks)
        changes = (Replaced("batches", batch.id, await self._document(batch), batch.version), *self._opened(batch, lanes))
        return await self._documents.commit(changes) is not None

    async def get(self, batch_id: str) -> Batch | None:
        """A batch; TTL deletes late."""
        found = await self._documents.versioned("batches", batch_id)
        if found is None or found[0]["expires_at"] <= self._now():
            return None
        opened = await self._words.open_batches([(batch_id, found[0]["record"], found[1])])
        return opened[0] if opened else None

    async def update(self, batch: Batch) -> Batch | None:
        """Writes where the version is still ours."""
        version = await self._documents.replaced("batches", batch.id, await self._document(batch), batch.version)
        return replace(batch, version=version) if version else None

    async def listed(self, owner: Owner, limit: int) -> tuple[Batch, ...]:
        """The newest of the owner's list, then the batches in one call."""
        lists = (_listed(await self._words.owner(owner)), _listed(_plain_owner(owner)))
        newest = [one for at in lists for one in await self._documents.newest(at, "created_at", limit)]
        newest.sort(key=lambda one: one["created_at"], reverse=True)
        names = [one["id"] for one in newest[:limit]]
        found = await self._documents.some("batches", names) if names else {}
        now = self._now()
        there = [(name, found[name]["record"], "") for name in names if name in found and found[name]["expires_at"] > now]
        return await self._words.open_batches(there)

    async def outbox(self) -> tuple[str, ...]:
        """The names of its documents."""
        now = self._now()
        return tuple(name for name, one in (await self._documents.named("outbox")).items() if one["expires_at"] > now)

    async def settled(self, batch_id: str) -> None:
        """Deletes its document."""
        await self._documents.delete("outbox", batch_id)

    async def lanes(self, batch_id: str) -> tuple[Lane, ...]:
        """All lanes."""
        found = await self._documents.all_versioned(_lanes(batch_id))
        return tuple(decode(Lane, document["record"], version) for document, version in found)

    async def lane(self, batch_id: str, lane_id: str) -> Lane | None:
        """One lane."""
        found = await self._documents.versioned(_lanes(batch_id), lane_id)
        return decode(Lane, found[0]["record"], found[1]) if found else None

    async def move(self, batch_id: str, lane: Lane) -> Lane | None:
        """Writes where the version is still ours; the expiry stays as it is."""
        version = await self._documents.replaced(_lanes(batch_id), lane.id, {"record": encode(lane)}, lane.version)
        return replace(lane, version=version) if version else None

    async def chunk(self, batch_id: str, lane_id: str, number: int) -> Chunk | None:
        """One chunk."""
        found = await self._documents.get(_chunks(batch_id), f"{lane_id}-{number}")
        return Chunk(lane_id, number, await self._words.open_items(batch_id, [found["items"]])) if found else None

    async def names(self, batch_id: str) -> Mapping[int, str]:
        """From all chunks."""
        found = await self._documents.fields(_chunks(batch_id), ["items"])
        return {item.place: item.item_id for item in await self._words.open_items(batch_id, [one["items"] for one in found])}

    async def held(self, holder: str, after: str) -> Page[HeldItem]:
        """The items of a holder in the chunks of all batches, some at a time; the place is the path of the last chunk."""
        found = await self._documents.everywhere("chunks", "holders", holder, CHUNKS, among=True, after=after)
        keys, now = await self._words.keys_of(holder), self._now()
        there = [one for one in found if one.document["expires_at"] > now] if keys else []
        items = [held_items(keys, one.parent, one.document["items"], one.document["expires_at"]) for one in there if keys]
        return Page(tuple(item for own in items for item in own), found[-1].path if len(found) == CHUNKS else "")

    async def erase(self, holder: str) -> int:
        """Empties the items in all chunks that have some of the holder's, wherever they are."""
        erased = 0
        while found := await self._documents.everywhere("chunks", "holders", holder, PAGE, among=True):
            for one in found:
                items, count = emptied_items(one.document["items"], holder)
                others = [name for name in one.document["holders"] if name != holder]
                await self._documents.commit([Added(_chunks(one.parent), one.name, {}, {"items": items, "holders": others})])
                erased += count
        return erased

    async def _keep(self, batch: Batch, chunks: Sequence[Chunk]) -> None:
        """Keeps chunks; those that are there are of a try of the same batch that died, and hold the same."""
        changes: list[Change] = []
        size = 0
        for chunk in await self._words.seal_chunks(batch, chunks):
            document = _chunk_document(batch, chunk)
            size += len(document["items"].encode("utf-8", "surrogatepass"))
            if changes and (size > COMMIT_BYTES or len(changes) == COMMIT_WRITES):
                await self._documents.commit(changes)
                changes, size = [], 0
            changes.append(Added(_chunks(batch.id), f"{chunk.lane}-{chunk.number}", {}, document))
        await self._documents.commit(changes)

    def _opened(self, batch: Batch, lanes: Sequence[Lane]) -> Iterator[Change]:
        for lane in lanes:
            yield Created(_lanes(batch.id), lane.id, {"record": encode(lane), "expires_at": batch.expires_at})
        yield Added("outbox", batch.id, {}, {"expires_at": batch.expires_at})

    async def _document(self, batch: Batch) -> Document:
        return {"record": await self._words.seal_batch(batch), "expires_at": batch.expires_at}


def _chunk_document(batch: Batch, chunk: SealedChunk) -> dict[str, Any]:
    return {"items": chunk.items, "holders": list(chunk.holders), "expires_at": batch.expires_at}


def _lanes(batch_id: str) -> str:
    return f"batches/{batch_id}/lanes"


def _chunks(batch_id: str) -> str:
    return f"batches/{batch_id}/chunks"


def _listed(owner: str) -> str:
    return f"owners/{owner}/batches"


def _plain_owner(owner: Owner) -> str:
    """The name of a caller's list of before there was sealing."""
    return hashlib.sha256(f"{owner.tenant}\0{owner.caller}".encode("utf-8", "surrogatepass")).hexdigest()
