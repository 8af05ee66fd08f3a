"""Batch results behind a breaker: no message is acknowledged while the store is away, and no model is asked for it."""

from dataclasses import dataclass
from typing import Final

from ion_mentoring.backends.guard import Guards
from ion_mentoring.records.batches.protocol import BatchResults, ItemResult

WITHIN_S: Final = 5.0  # nobody waits for a batch, and a result that is lost is paid for twice


@dataclass(frozen=True, slots=True)
class GuardedBatchResults:
    """The same results; StoreUnavailable in time."""

    kept: BatchResults
    guards: Guards

    async def has(self, batch_id: str, item_id: str) -> bool:
        """True if an item has its result."""
        return await self.guards.reading(lambda: self.kept.has(batch_id, item_id), WITHIN_S)

    async def store(self, result: ItemResult) -> bool:
        """Keeps a result."""
        return await self.guards.writing(lambda: self.kept.store(result), WITHIN_S)

    async def of(self, batch_id: str) -> tuple[ItemResult, ...]:
        """All results of a batch."""
        return await self.guards.reading(lambda: self.kept.of(batch_id), WITHIN_S)
