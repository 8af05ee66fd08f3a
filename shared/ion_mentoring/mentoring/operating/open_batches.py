"""The batches that are under way, of all owners together: how many, how far, and since when."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from ion_mentoring.errors import StoreUnavailable
from ion_mentoring.mentoring.operating.reach import STORE_TIMEOUT_S
from ion_mentoring.records.batches.results import BatchResults
from ion_mentoring.records.batches.submissions import Batch, Submissions

LOOKED_AT: Final = 20  # batches whose items are counted; of those beyond them only the number is known


class OpenBatches(Struct, frozen=True):
    """Looks at the outbox, which has every batch that has not been told of to the end."""

    submissions: Submissions
    results: BatchResults
    now: Callable[[], datetime]

    async def figures(self) -> dict[str, Any]:
        """Batches and their items by state, and how long ago the oldest that runs was handed in; the state where unknown."""
        try:
            async with asyncio.timeout(STORE_TIMEOUT_S):
                return await self._figures()
        except (StoreUnavailable, TimeoutError):
            return {"state": "down"}

    async def _figures(self) -> dict[str, Any]:
        ids = await self.submissions.outbox()
        found = await asyncio.gather(*(self.submissions.get(id) for id in ids[:LOOKED_AT]))
        running = [batch for batch in found if batch and batch.state == "running"]
        counts = await asyncio.gather(*(self.results.counts(batch.id) for batch in running))
        items, answered, failed = (
            sum(batch.total for batch in running),
            sum(one.answered for one in counts),
            sum(one.failed for one in counts),
        )
        return {
            "open": len(ids),
            "running": len(running),
            "items": items,
            "answered": answered,
            "failed": failed,
            "pending": max(0, items - answered - failed),
            "oldest_s": self._oldest_s(running),
        }

    def _oldest_s(self, running: list[Batch]) -> float | None:
        ages = [(self.now() - batch.created_at).total_seconds() for batch in running]
        return round(max(ages), 1) if ages else None
