"""The state of a batch as its owner sees it: counts, an estimate, and the results in the order of the items."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Final, Literal

from msgspec import Struct

from ion_mentoring.mentoring.batching.ending import place_name
from ion_mentoring.records.batches.results import BatchResults, Counts, ItemResult
from ion_mentoring.records.batches.submissions import Batch, Submissions

PAGE: Final = 200  # results read at once


class Progress(Struct, frozen=True):
    """A batch with its results counted; `left_s` is an estimate, None where nothing can be said."""

    batch: Batch
    counts: Counts
    pending: int
    cancelled: int
    left_s: float | None


class Row(Struct, frozen=True):
    """One item in the list of results; what has no result is pending, or was cancelled."""

    place: int
    item_id: str
    state: Literal["answered", "failed", "pending", "cancelled"]
    result: ItemResult | None


class BatchProgress(Struct, frozen=True):
    """Reads batches."""

    submissions: Submissions
    results: BatchResults
    now: Callable[[], datetime]

    async def __call__(self, batch: Batch) -> Progress:
        """The progress of a batch."""
        counts = await self.results.counts(batch.id)
        open_items = max(0, batch.total - counts.answered - counts.failed)
        cancelled = open_items if batch.state == "cancelled" else 0
        return Progress(batch, counts, open_items - cancelled, cancelled, self._left_s(batch, counts))

    async def rows(self, batch: Batch, after: int, limit: int, names: "Names") -> tuple[Row, ...]:
        """Up to `limit` items after a place, each with its result, as far as there is one."""
        first, last = after + 1, min(after + limit, batch.total)
        if first > last:
            return ()
        found = {one.name: one for one in await self.results.page(batch.id, place_name(first), place_name(last))}
        missing = any(place_name(place) not in found for place in range(first, last + 1))
        ids = await names(batch.id) if missing else {}
        return tuple(self._rows(batch, range(first, last + 1), found, ids))

    def names(self) -> "Names":
        """The ids of items, read once, where they are needed."""
        return Names(self.submissions)

    def _rows(self, batch: Batch, places: range, found: Mapping[str, ItemResult], ids: Mapping[int, str]) -> Iterator[Row]:
        for place in places:
            if result := found.get(place_name(place)):
                yield Row(place, result.item_id, result.state, result)
            else:
                yield Row(place, ids.get(place, str(place)), "cancelled" if batch.state == "cancelled" else "pending", None)

    def _left_s(self, batch: Batch, counts: Counts) -> float | None:
        """From the speed since the first result; a replay has none of its own yet."""
        done = counts.answered + counts.failed
        if batch.state != "running":
            return 0.0
        if not done or counts.began_at is None or batch.round:
            return None
        return round((self.now() - counts.began_at).total_seconds() / done * (batch.total - done), 1)


class Names:
    """The ids of a batch's items by place."""

    def __init__(self, submissions: Submissions) -> None:
        self._submissions = submissions
        self._read: Mapping[int, str] | None = None

    async def __call__(self, batch_id: str) -> Mapping[int, str]:
        """All of them."""
        if self._read is None:
            self._read = await self._submissions.names(batch_id)
        return self._read
