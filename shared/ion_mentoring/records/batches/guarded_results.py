"""Batch results behind a breaker: no message is acknowledged while the store is away, and no model is asked for it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from ion_mentoring.backends.guard import Guards
from ion_mentoring.records.batches.results import BatchResults, Counts, HeldResult, ItemResult
from ion_mentoring.records.paging import Page

ERASED_WITHIN_S: Final = 15.0  # it goes through many
WITHIN_S: Final = 5.0  # nobody waits for a batch, and a result that is lost is paid for twice


class GuardedBatchResults(Struct, frozen=True):
    """The same results; StoreUnavailable in time."""

    kept: BatchResults
    guards: Guards

    async def found(self, batch_id: str, names: Sequence[str]) -> Mapping[str, ItemResult]:
        """The results that there are of these items."""
        return await self.guards.reading(lambda: self.kept.found(batch_id, names), WITHIN_S)

    async def store(self, result: ItemResult) -> bool:
        """Keeps a result."""
        return await self.guards.writing(lambda: self.kept.store(result), WITHIN_S)

    async def of(self, batch_id: str) -> tuple[ItemResult, ...]:
        """All results of a batch."""
        return await self.guards.reading(lambda: self.kept.of(batch_id), WITHIN_S)

    async def page(self, batch_id: str, first: str, last: str) -> tuple[ItemResult, ...]:
        """The results of a range of items."""
        return await self.guards.reading(lambda: self.kept.page(batch_id, first, last), WITHIN_S)

    async def counts(self, batch_id: str) -> Counts:
        """The number of results by state."""
        return await self.guards.reading(lambda: self.kept.counts(batch_id), WITHIN_S)

    async def answered_since(self, batch_id: str, moment: datetime) -> bool:
        """True if an item was answered after that moment."""
        return await self.guards.reading(lambda: self.kept.answered_since(batch_id, moment), WITHIN_S)

    async def held(self, holder: str, after: str) -> Page[HeldResult]:
        """The results of a holder."""
        return await self.guards.reading(lambda: self.kept.held(holder, after), WITHIN_S)

    async def erase(self, holder: str) -> int:
        """Empties what is a holder's."""
        return await self.guards.writing(lambda: self.kept.erase(holder), ERASED_WITHIN_S)
