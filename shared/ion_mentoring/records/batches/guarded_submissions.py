"""Batches behind a breaker: StoreUnavailable in time, whoever asks."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from ion_mentoring.backends.guard import Guards
from ion_mentoring.records.batches.submissions import Batch, Chunk, HeldItem, Lane, Owner, Submissions
from ion_mentoring.records.paging import Page

ERASED_WITHIN_S: Final = 15.0  # it goes through many
WITHIN_S: Final = 5.0
KEPT_WITHIN_S: Final = 25.0  # of a whole batch: up to 16 MiB in several commits


class GuardedSubmissions(Struct, frozen=True):
    """The same batches; StoreUnavailable in time."""

    kept: Submissions
    guards: Guards

    async def create(self, batch: Batch, chunks: Sequence[Chunk], lanes: Sequence[Lane]) -> bool:
        """Keeps a batch with all its items."""
        return await self.guards.writing(lambda: self.kept.create(batch, chunks, lanes), KEPT_WITHIN_S)

    async def resume(self, batch: Batch, chunks: Sequence[Chunk], lanes: Sequence[Lane]) -> bool:
        """Gives a batch more lanes."""
        return await self.guards.writing(lambda: self.kept.resume(batch, chunks, lanes), KEPT_WITHIN_S)

    async def get(self, batch_id: str) -> Batch | None:
        """A batch."""
        return await self.guards.reading(lambda: self.kept.get(batch_id), WITHIN_S)

    async def update(self, batch: Batch) -> Batch | None:
        """Writes a batch that is still of its version."""
        return await self.guards.writing(lambda: self.kept.update(batch), WITHIN_S)

    async def listed(self, owner: Owner, limit: int) -> tuple[Batch, ...]:
        """The last batches of an owner."""
        return await self.guards.reading(lambda: self.kept.listed(owner, limit), WITHIN_S)

    async def outbox(self) -> tuple[str, ...]:
        """The ids of batches that have not been told about to the end."""
        return await self.guards.reading(self.kept.outbox, WITHIN_S)

    async def settled(self, batch_id: str) -> None:
        """Takes a batch out of the outbox."""
        await self.guards.writing(lambda: self.kept.settled(batch_id), WITHIN_S)

    async def lanes(self, batch_id: str) -> tuple[Lane, ...]:
        """The lanes of a batch."""
        return await self.guards.reading(lambda: self.kept.lanes(batch_id), WITHIN_S)

    async def lane(self, batch_id: str, lane_id: str) -> Lane | None:
        """One lane."""
        return await self.guards.reading(lambda: self.kept.lane(batch_id, lane_id), WITHIN_S)

    async def move(self, batch_id: str, lane: Lane) -> Lane | None:
        """Writes a lane that is still of its version."""
        return await self.guards.writing(lambda: self.kept.move(batch_id, lane), WITHIN_S)

    async def chunk(self, batch_id: str, lane_id: str, number: int) -> Chunk | None:
        """One chunk."""
        return await self.guards.reading(lambda: self.kept.chunk(batch_id, lane_id, number), WITHIN_S)

    async def names(self, batch_id: str) -> Mapping[int, str]:
        """The ids of all items by place."""
        return await self.guards.reading(lambda: self.kept.names(batch_id), WITHIN_S)

    async def held(self, holder: str, after: str) -> Page[HeldItem]:
        """The items of a holder."""
        return await self.guards.reading(lambda: self.kept.held(holder, after), WITHIN_S)

    async def erase(self, holder: str) -> int:
        """Empties what is a holder's."""
        return await self.guards.writing(lambda: self.kept.erase(holder), ERASED_WITHIN_S)
