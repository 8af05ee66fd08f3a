"""A batch in the hands of a test: handed in, its messages delivered when and as often as the test likes, by several workers."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from msgspec.structs import replace

from ion_mentoring.access.caller import Role
from ion_mentoring.errors import PublishingUnavailable, WebhookFailed
from ion_mentoring.handlers.workers.batch import stored_view
from ion_mentoring.handlers.workers.submitted import submitted_item
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.batching.ending import EndBatch
from ion_mentoring.mentoring.batching.fanout import Fanout
from ion_mentoring.mentoring.batching.items import AnswerItems
from ion_mentoring.mentoring.batching.lane_work import WorkOnLane
from ion_mentoring.mentoring.batching.notices import TellEnd
from ion_mentoring.mentoring.batching.progress import BatchProgress
from ion_mentoring.mentoring.batching.submit import SubmitBatch, Wishes
from ion_mentoring.records.batches.submissions import Batch, Owner, SubmittedItem
from ion_mentoring.records.ledger.protocol import Totals, month_of
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.stores import Stores

BEGAN = datetime.now(UTC)
ACME = Owner("default", "key:acme", (Role.SERVICE.value,))


@dataclass
class Topics:
    """Takes messages, unless it is away."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    done: list[dict[str, Any]] = field(default_factory=list)
    away: bool = False

    async def publish(self, topic: str, data: bytes, attributes: Mapping[str, str]) -> None:
        if self.away:
            raise PublishingUnavailable("away")
        (self.done if topic.endswith("done") else self.messages).append(json.loads(data))


@dataclass
class Receiver:
    """Takes events, except the first so many."""

    refuses: int = 0
    taken: list[tuple[str, str]] = field(default_factory=list)

    async def __call__(self, url: str, body: bytes, *, event_id: str, owner: str) -> None:
        self.refuses -= 1
        if self.refuses >= 0:
            raise WebhookFailed("answered 500")
        self.taken.append((event_id, json.loads(body)["state"]))


class Evening:
    """The parts of batches over some stores, with a clock that the test moves."""

    def __init__(self, answer: AnswerQuestion, kept: Stores) -> None:
        self.answer = replace(answer, metering=replace(answer.metering, ledger=kept.ledger, now=self.now))
        self.kept = kept
        self.topics, self.receiver = Topics(), Receiver()
        self.time = BEGAN
        self.lines: list[str] = []
        self.log = EventLog("batch", write=self.lines.append)
        self.numbers = count(1)
        self.fanout = Fanout(self.topics, "batch", kept.submissions, self.log, self.now)
        self.progress = BatchProgress(kept.submissions, kept.batches, self.now)
        self.end = EndBatch(kept.submissions, kept.batches, self.fanout, self.log, self.now)
        self.submitting = SubmitBatch(kept.submissions, self.fanout, self.log, self.now, items_a_day=100_000)
        self.tell = TellEnd(
            kept.submissions, self.progress, self.fanout, self.topics, "done", self.receiver, self.log, self.now
        )

    def now(self) -> datetime:
        """The time, a little later each time that somebody asks."""
        self.time += timedelta(microseconds=1)
        return self.time

    def worker(self, **changes: Any) -> WorkOnLane:
        """One more worker."""
        items = AnswerItems(self.answer, self.kept.batches, self.log, self.now, stored_view)
        work = WorkOnLane(items, self.kept.submissions, self.fanout, self.end, submitted_item, self.new_id)
        return replace(work, **changes)

    def new_id(self) -> str:
        """An id."""
        return f"id-{next(self.numbers)}"

    async def submit(self, *requests: Mapping[str, Any], owner: Owner = ACME, **wishes: Any) -> Batch:
        """Hands in a batch; `use_cache` is off, so that every item asks a mentor."""
        items = [SubmittedItem(place, f"i{place}", {"use_cache": False, **one}) for place, one in enumerate(requests, 1)]
        return await self.submitting(items, owner, Wishes(**wishes), self.new_id())

    async def work(self, worker: WorkOnLane | None = None) -> None:
        """Delivers messages until there is none."""
        worker = worker or self.worker()
        while self.topics.messages:
            await self.deliver(worker, self.topics.messages.pop(0))

    async def deliver(self, worker: WorkOnLane, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Delivers one message."""
        if "notice" in message:
            return await self.tell(message["batch_id"])
        return await worker(message["batch_id"], message["lane"], message["chunk"])

    async def storm(self, messages: list[dict[str, Any]]) -> None:
        """Delivers messages all at once, each to a worker of its own; what is refused is gone."""
        await asyncio.gather(*(self.deliver(self.worker(), message) for message in messages), return_exceptions=True)

    async def states(self, batch: Batch) -> dict[str, int]:
        """The items by state."""
        standing = await self.kept.submissions.get(batch.id)
        assert standing is not None
        progress = await self.progress(standing)
        counts = progress.counts
        found = {"answered": counts.answered, "failed": counts.failed, "pending": progress.pending}
        return {name: number for name, number in found.items() if number} | {standing.state: 1}

    async def charged(self, caller: str = ACME.caller) -> Totals:
        """The ledger's sums of a caller."""
        months = {month_of(BEGAN), month_of(self.time)}
        spent = [(await self.kept.ledger.spending(month)).by_caller.get(caller, Totals()) for month in months]
        return sum(spent, Totals())
