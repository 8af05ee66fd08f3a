"""The work on one chunk of a batch, by whoever holds its lane; its lane goes on from there with another message."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from msgspec import Struct

from ion_mentoring.errors import PersonaUnavailable, StoreUnavailable
from ion_mentoring.mentoring.batching.ending import EndBatch
from ion_mentoring.mentoring.batching.fanout import Fanout
from ion_mentoring.mentoring.batching.items import AnswerItems, Item, Outcome
from ion_mentoring.records.batches.submissions import Batch, Lane, Submissions, SubmittedItem
from ion_mentoring.resilience import deadline

HELD: Final = timedelta(seconds=30)  # how long the death of a worker holds its lane up
TRIES: Final = 5  # of items that fail while others of their batch are answered
PATIENCE: Final = timedelta(hours=12)  # with items that nobody knows better of: until the morning
CLOSING_S: Final = 10.0  # of a message's time, for writing down how far it came

Read = Callable[[SubmittedItem, Batch], Item]


class Hold(Struct):
    """A lane that is held; `lane` is how it stands, None once it is lost. `cancelled` says that its batch was."""

    lane: Lane | None
    cancelled: bool = False


class WorkOnLane(Struct, frozen=True):
    """The use case. `read` makes an item of one that was handed in, `held` is the time of a lane without a sign of life."""

    items: AnswerItems
    submissions: Submissions
    fanout: Fanout
    end: EndBatch
    read: Read
    new_id: Callable[[], str]
    held: timedelta = HELD

    async def __call__(self, batch_id: str, lane_id: str, number: int) -> Mapping[str, Any]:
        """Answers the items of a chunk, each once, and sends the next chunk of its lane on its way.

        PersonaUnavailable where items are left, or the lane is held by somebody else: the message comes again.
        """
        batch = await self.submissions.get(batch_id)
        lane = await self.submissions.lane(batch_id, lane_id)
        if batch is None or lane is None or batch.state != "running":
            return {"lane": "gone"}
        if lane.over:
            await self.end.if_over(batch_id)
            return {"lane": "over"}
        if number < lane.next:
            return {"lane": "ahead"}
        async with self._held(batch, await self._claimed(batch_id, lane)) as hold:
            return await self._chunk(batch, hold)

    async def _claimed(self, batch_id: str, lane: Lane) -> Lane:
        now = self.items.now()
        claimed = None
        if lane.held_until is None or lane.held_until <= now:
            wanted = replace(lane, holder=self.new_id(), held_until=now + self.held, moved_at=now)
            claimed = await self.submissions.move(batch_id, wanted)
        if claimed is None:
            raise PersonaUnavailable("held by another worker", retry_after_s=self.held.total_seconds())
        return claimed

    async def _chunk(self, batch: Batch, hold: Hold) -> Mapping[str, Any]:
        """Answers the chunk at the head of a lane that is held."""
        assert hold.lane is not None  # noqa: S101 - just claimed
        chunk = await self.submissions.chunk(batch.id, hold.lane.id, hold.lane.next)
        items = [self.read(item, batch) for item in chunk.items] if chunk else []
        outcomes = await self._within_time(items, hold)
        lane = hold.lane
        if lane is None or hold.cancelled:
            return {"lane": "lost"}
        left = [one for one in items if one.name not in outcomes or outcomes[one.name].state == "left"]
        if left and await self._hopeless(batch.id, lane, left, outcomes):
            left = []
        if left:
            return await self._given_up(batch.id, hold, outcomes, len(left))
        return await self._advanced(batch, hold, outcomes)

    async def _within_time(self, items: list[Item], hold: Hold) -> dict[str, Outcome]:
        """The outcomes of what can be done in the time of a message, and as long as the lane is ours."""
        outcomes: dict[str, Outcome] = {}

        def done(outcome: Outcome) -> None:
            outcomes[outcome.item.name] = outcome

        work = asyncio.ensure_future(self.items(items, done))
        keep = asyncio.ensure_future(self._kept(items, hold))
        within = deadline.limit_s(500, keep_s=CLOSING_S)
        try:
            await asyncio.wait((work, keep), timeout=within, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
        finally:
            for task in (work, keep):
                task.cancel()
            await asyncio.gather(work, keep, return_exceptions=True)
        return outcomes

    async def _kept(self, items: list[Item], hold: Hold) -> None:
        """Holds the lane, and returns when it is lost or its batch was cancelled."""
        batch_id = items[0].batch_id if items else ""
        while hold.lane is not None and not hold.cancelled:
            await asyncio.sleep(self.held.total_seconds() / 3)
            with suppress(StoreUnavailable):
                batch = await self.submissions.get(batch_id)
                hold.cancelled = batch is None or batch.state != "running"
                hold.lane = await self.submissions.move(batch_id, replace(hold.lane, held_until=self.items.now() + self.held))

    async def _hopeless(self, batch_id: str, lane: Lane, left: list[Item], outcomes: Mapping[str, Outcome]) -> bool:
        """Buries items that fail while others are answered, or that have failed for too long; False if there is hope."""
        if lane.tries + 1 < TRIES or any(item.name not in outcomes for item in left):
            return False
        since = lane.tried_at or self.items.now()
        waited = self.items.now() - (lane.failing_since or self.items.now())
        if waited < PATIENCE and not await self.items.results.answered_since(batch_id, since):
            return False
        for item in left:
            await self.items.bury(item, outcomes[item.name].reason or PersonaUnavailable.code)
        return True

    async def _given_up(self, batch_id: str, hold: Hold, outcomes: Mapping[str, Outcome], left: int) -> Mapping[str, Any]:
        """Lets the lane go. What was out of time goes on at once; what failed comes again when the platform says."""
        now, lane = self.items.now(), hold.lane
        assert lane is not None  # noqa: S101
        failed = any(outcome.state == "left" for outcome in outcomes.values())
        lane = replace(lane, holder=None, held_until=None, moved_at=now)
        if failed:
            lane = replace(lane, tries=lane.tries + 1, tried_at=now, failing_since=lane.failing_since or now)
        hold.lane = None
        moved = await self.submissions.move(batch_id, lane)
        if failed or not any(outcome.state in ("answered", "failed") for outcome in outcomes.values()):
            raise PersonaUnavailable("items left", details={"left": left}, retry_after_s=1)
        if moved:
            await self.fanout.lane(batch_id, moved)
        return {"lane": "goes on", "left": left}

    async def _advanced(self, batch: Batch, hold: Hold, outcomes: Mapping[str, Outcome]) -> Mapping[str, Any]:
        lane = hold.lane
        assert lane is not None  # noqa: S101
        onward = replace(
            lane,
            next=lane.next + 1,
            holder=None,
            held_until=None,
            moved_at=self.items.now(),
            tries=0,
            tried_at=None,
            failing_since=None,
        )
        hold.lane = None
        moved = await self.submissions.move(batch.id, onward)
        if moved is None:
            return {"lane": "lost"}
        if moved.over:
            await self.end.if_over(batch.id)
        else:
            await self.fanout.lane(batch.id, moved)
        states = [outcome.state for outcome in outcomes.values()]
        counts = {state: states.count(state) for state in ("answered", "failed", "known")}
        self.items.log.info("batch_chunk_done", batch=batch.id, **counts)
        return {"lane": "over" if moved.over else "goes on", **counts}

    @asynccontextmanager
    async def _held(self, batch: Batch, lane: Lane) -> AsyncIterator[Hold]:
        """A lane that is held, and let go where the work on it breaks off."""
        hold = Hold(lane)
        try:
            yield hold
        finally:
            if hold.lane is not None:
                let_go = replace(hold.lane, holder=None, held_until=None, moved_at=self.items.now())
                with suppress(StoreUnavailable, TimeoutError):
                    async with asyncio.timeout(1):
                        await self.submissions.move(batch.id, let_go)
