"""The messages that drive batches, and the outbox that repeats those which were lost."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from ion_mentoring.backends.publishing.protocol import Publisher
from ion_mentoring.errors import PublishingUnavailable
from ion_mentoring.records.batches.submissions import Batch, Lane, Submissions
from ion_mentoring.telemetry.events import EventLog

STALE: Final = timedelta(seconds=90)  # a lane that nobody holds and nobody moved for so long has lost its message


class Fanout(Struct, frozen=True):
    """Publishes to the batch function's topic; what is not taken now is published again by `tend`."""

    publisher: Publisher | None
    topic: str
    submissions: Submissions
    log: EventLog
    now: Callable[[], datetime]
    stale: timedelta = STALE

    async def lane(self, batch_id: str, lane: Lane) -> bool:
        """Sends the chunk at the head of a lane to be worked on; False if the message may not have been taken."""
        return await self._publish(batch_id=batch_id, lane=lane.id, chunk=lane.next)

    async def heads(self, batch_id: str, lanes: tuple[Lane, ...]) -> None:
        """Sends the heads of lanes."""
        await asyncio.gather(*(self.lane(batch_id, lane) for lane in lanes))

    async def notice(self, batch_id: str) -> bool:
        """Has the end of a batch told."""
        return await self._publish(batch_id=batch_id, notice=True)

    async def tend(self) -> int:
        """Repeats what got lost of the batches in the outbox, and counts it: run this every minute."""
        repeated = 0
        for batch_id in await self.submissions.outbox():
            batch = await self.submissions.get(batch_id)
            if batch is None or (batch.notice and batch.notice.told):
                await self.submissions.settled(batch_id)
            elif batch.state == "running":
                repeated += await self._repeat_lanes(batch)
            elif batch.notice and batch.notice.due_at <= self.now():
                repeated += await self.notice(batch_id)
        if repeated:
            self.log.info("batch_messages_repeated", messages=repeated)
        return repeated

    async def _repeat_lanes(self, batch: Batch) -> int:
        """Repeats the heads of lanes that stand still; where all are over and nobody said so, the last one does."""
        before = self.now() - self.stale
        lanes = [lane for lane in await self.submissions.lanes(batch.id) if _round(lane) == batch.round]
        still = [lane for lane in lanes if not lane.over and lane.moved_at <= before and (lane.held_until or before) <= before]
        if all(lane.over for lane in lanes):
            still = [lane for lane in lanes[:1] if max(one.moved_at for one in lanes) <= before]
        return sum([await self.lane(batch.id, lane) for lane in still])

    async def _publish(self, **message: Any) -> bool:
        if self.publisher is None:
            return False
        try:
            await self.publisher.publish(self.topic, json.dumps(message).encode(), {})
        except PublishingUnavailable as error:
            self.log.warning("batch_message_unpublished", reason=str(error))
            return False
        return True


def _round(lane: Lane) -> int:
    return int(lane.id.partition("-")[0])
