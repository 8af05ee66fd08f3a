"""Telling that a batch has ended: a message on a topic, and a call of the webhook, tried again over hours."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from msgspec import Struct

from ion_mentoring.backends.publishing.protocol import Publisher
from ion_mentoring.errors import PublishingUnavailable, WebhookFailed
from ion_mentoring.mentoring.batching.fanout import Fanout
from ion_mentoring.mentoring.batching.progress import BatchProgress
from ion_mentoring.records.batches.submissions import Batch, Notice, Submissions
from ion_mentoring.telemetry.events import EventLog

CLAIMED: Final = timedelta(seconds=60)  # how long the death of whoever tells holds the next one up
BACKOFF: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1))
TRIES: Final = 14  # over half a day


class Webhook(Protocol):
    """Calls a receiver."""

    async def __call__(self, url: str, body: bytes, *, event_id: str, owner: str) -> None:
        """Returns once the receiver has taken it; WebhookFailed if not."""


class TellEnd(Struct, frozen=True):
    """The use case. The receiver and the topic get the same event; its id is the same each time it is told."""

    submissions: Submissions
    progress: BatchProgress
    fanout: Fanout
    publisher: Publisher | None
    topic: str
    webhook: Webhook
    log: EventLog
    now: Callable[[], datetime]

    async def __call__(self, batch_id: str) -> Mapping[str, Any]:
        """Tells what has not been told; what fails is due again later, whatever the receiver does."""
        batch = await self.submissions.get(batch_id)
        if batch is None or batch.notice is None:
            return {"notice": "gone"}
        if batch.notice.told or batch.notice.due_at > self.now():
            return {"notice": "told" if batch.notice.told else "not due"}
        claim = replace(batch.notice, due_at=self.now() + CLAIMED, tries=batch.notice.tries + 1)
        claimed = await self.submissions.update(replace(batch, notice=claim))
        if claimed is None:
            return {"notice": "somebody else's"}
        notice = await self._told(claimed, claim)
        await self.submissions.update(replace(claimed, notice=notice))
        if notice.told:
            await self.submissions.settled(batch_id)
        return {"notice": "told" if notice.told else "due again"}

    async def _told(self, batch: Batch, notice: Notice) -> Notice:
        body = json.dumps(await self._event(batch), ensure_ascii=False).encode()
        event_id = f"{batch.id}-{batch.round}"
        try:
            if not notice.published and self.publisher is not None:
                await self.publisher.publish(self.topic, body, {"event": "batch.ended", "id": event_id})
            notice = replace(notice, published=True)
            if batch.webhook:
                await self.webhook(batch.webhook, body, event_id=event_id, owner=f"{batch.owner.tenant}/{batch.owner.caller}")
        except (PublishingUnavailable, WebhookFailed) as error:
            self.log.warning("batch_notice_failed", batch=batch.id, tries=notice.tries, reason=str(error))
            wait = BACKOFF[min(notice.tries, len(BACKOFF)) - 1]
            return replace(notice, due_at=self.now() + wait, told=notice.tries >= TRIES, failure=str(error))
        return replace(notice, told=True, failure=None)

    async def _event(self, batch: Batch) -> dict[str, Any]:
        """The event: no word of what was asked or answered."""
        progress = await self.progress(batch)
        return {
            "event": "batch.ended",
            "id": f"{batch.id}-{batch.round}",
            "batch_id": batch.id,
            "state": batch.state,
            "total": batch.total,
            "counts": {
                "answered": progress.counts.answered,
                "failed": progress.counts.failed,
                "cancelled": progress.cancelled,
                "look_first": progress.counts.look_first,
            },
            "ended_at": batch.ended_at.isoformat() if batch.ended_at else None,
        }
