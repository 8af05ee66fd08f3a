"""Handing in a batch: all of it is kept before anything is sent, and what is sent can be sent again."""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from ion_mentoring.errors import PublishingUnavailable, QuotaExhausted
from ion_mentoring.mentoring.batching.fanout import Fanout
from ion_mentoring.mentoring.batching.lanes import planned
from ion_mentoring.mentoring.batching.whose import whose
from ion_mentoring.records.batches.submissions import LANES, Batch, Owner, Submissions, SubmittedItem
from ion_mentoring.telemetry.events import EventLog

DAY: Final = timedelta(days=1)
LISTED: Final = 200  # batches that are looked at for a day's quota; more in a day are refused
RUNNING: Final = 20  # batches of a caller at once


class Wishes(Struct, frozen=True):
    """The choices of whoever hands a batch in, beyond its items."""

    name: str | None = None
    webhook: str | None = None
    keep: timedelta = timedelta(days=30)
    country: str | None = None


class SubmitBatch(Struct, frozen=True):
    """The use case; `items_a_day` is what a caller may hand in within 24 hours."""

    submissions: Submissions
    fanout: Fanout
    log: EventLog
    now: Callable[[], datetime]
    items_a_day: int

    async def __call__(self, items: Sequence[SubmittedItem], owner: Owner, wishes: Wishes, entry: str) -> Batch:
        """The batch, kept; the same one where it was handed in under the same `entry` before.

        QuotaExhausted for too many items a day, or batches at once; PublishingUnavailable where nobody works on any.
        """
        if self.fanout.publisher is None:
            raise PublishingUnavailable("no topic to publish to")
        now, batch_id = self.now(), id_of(entry)
        if known := await self.submissions.get(batch_id):
            return known
        items = [replace(item, owner=whose(item, owner)) for item in items]
        running = await self._within_quota(owner, len(items))
        batch = Batch(
            id=batch_id,
            owner=owner,
            total=len(items),
            created_at=now,
            expires_at=now + wishes.keep,
            name=wishes.name,
            webhook=wishes.webhook,
            country=wishes.country,
        )
        chunks, lanes = planned(items, now, at_most=max(1, LANES // (running + 1)))
        created = await self.submissions.create(batch, chunks, lanes)
        if created:
            await self.fanout.heads(batch_id, lanes)
            self.log.info("batch_submitted", batch=batch_id, items=batch.total, caller=owner.caller, lanes=len(lanes))
        return await self.submissions.get(batch_id) or batch

    async def _within_quota(self, owner: Owner, items: int) -> int:
        """The number of the owner's batches that run."""
        batches = await self.submissions.listed(owner, LISTED)
        today = [batch for batch in batches if batch.created_at > self.now() - DAY]
        running = sum(batch.state == "running" for batch in batches)
        if running >= RUNNING:
            details = {"limit": RUNNING, "rule": "batches of a caller at once", "used": running}
            raise QuotaExhausted("batches at once", details=details, retry_after_s=60)
        used = sum(batch.total for batch in today)
        if used + items > self.items_a_day or len(today) >= LISTED:
            details = {"limit": self.items_a_day, "rule": "items of a caller in 24 hours", "used": used}
            oldest = min((batch.created_at for batch in today), default=self.now())
            wait = (oldest + DAY - self.now()).total_seconds()
            raise QuotaExhausted("items a day", details=details, retry_after_s=max(1.0, wait))
        return running


def id_of(entry: str) -> str:
    """The id of the batch that is handed in under an entry."""
    digest = hashlib.sha256(entry.encode()).digest()
    return f"batch_{base64.b32encode(digest).decode().lower()[:26]}"
