"""The end of a batch: completed, when its last lane is over, or cancelled; and its second beginning, for what failed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from msgspec import Struct

from ion_mentoring.errors import WrongState
from ion_mentoring.mentoring.batching.fanout import Fanout
from ion_mentoring.mentoring.batching.lanes import planned
from ion_mentoring.records.batches.results import ERASED, BatchResults, Counts
from ion_mentoring.records.batches.submissions import LANES, Batch, Lane, Notice, Submissions, SubmittedItem
from ion_mentoring.telemetry.events import EventLog


class EndBatch(Struct, frozen=True):
    """Ends batches; of all who find that one is over, one says so."""

    submissions: Submissions
    results: BatchResults
    fanout: Fanout
    log: EventLog
    now: Callable[[], datetime]

    async def if_over(self, batch_id: str) -> bool:
        """Completes a batch whose lanes are all over; True if it was us."""
        batch = await self.submissions.get(batch_id)
        if batch is None or batch.state != "running":
            return False
        if not all(lane.over for lane in await self.submissions.lanes(batch_id)):
            return False
        return await self._ended(replace(batch, state="completed", counts=_final(await self.results.counts(batch_id))))

    async def cancel(self, batch: Batch) -> Batch:
        """Cancels what has not run; WrongState if the batch has ended otherwise."""
        while batch.state == "running":
            if await self._ended(replace(batch, state="cancelled")):
                self.log.info("batch_cancelled", batch=batch.id)
            batch = await self.submissions.get(batch.id) or batch
        if batch.state != "cancelled":
            raise WrongState("it has ended", details={"state": batch.state})
        return batch

    async def replay(self, batch: Batch) -> Batch:
        """Begins anew with what failed; WrongState unless the batch is completed, the same batch if nothing failed."""
        if batch.state != "completed":
            raise WrongState("it is not completed", details={"state": batch.state})
        items = await self._failed(batch)
        if not items:
            return batch
        again = replace(
            batch, state="running", round=batch.round + 1, replayed=len(items), ended_at=None, counts=None, notice=None
        )
        chunks, lanes = planned(items, self.now(), at_most=LANES, round=again.round)
        if not await self.submissions.resume(again, chunks, lanes):
            raise WrongState("it is being tried again", details={"state": "running"})
        await self.fanout.heads(batch.id, lanes)
        self.log.info("batch_replayed", batch=batch.id, items=len(items))
        return await self.submissions.get(batch.id) or again

    async def _failed(self, batch: Batch) -> list[SubmittedItem]:
        """The items that failed, from the chunks of the first round, in the order of their places."""
        results = await self.results.of(batch.id)
        failed = {result.name for result in results if result.state == "failed" and result.reason != ERASED}
        found: list[SubmittedItem] = []
        for lane in await self.submissions.lanes(batch.id) if failed else ():
            found += await self._of_lane(batch.id, lane) if lane.id.startswith("0-") else ()
        return sorted((item for item in found if place_name(item.place) in failed), key=lambda item: item.place)

    async def _of_lane(self, batch_id: str, lane: Lane) -> list[SubmittedItem]:
        chunks = [await self.submissions.chunk(batch_id, lane.id, number) for number in range(lane.chunks)]
        return [item for chunk in chunks if chunk for item in chunk.items]

    async def _ended(self, batch: Batch) -> bool:
        now = self.now()
        ended = await self.submissions.update(replace(batch, ended_at=now, notice=Notice(due_at=now)))
        if ended:
            await self.fanout.notice(batch.id)
            self.log.info("batch_ended", batch=batch.id, state=batch.state, items=batch.total)
        return ended is not None


def place_name(place: int) -> str:
    """The name under which the result of the item at a place is kept."""
    return f"{place:05d}"


def _final(counts: Counts) -> Mapping[str, int]:
    return {"answered": counts.answered, "failed": counts.failed, "look_first": counts.look_first}
