"""The parts of batches that the router and the batch function have in common."""

import time
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from ion_mentoring.backends.publishing.protocol import Publisher
from ion_mentoring.mentoring.batching.ending import EndBatch
from ion_mentoring.mentoring.batching.fanout import Fanout
from ion_mentoring.mentoring.batching.notices import TellEnd
from ion_mentoring.mentoring.batching.progress import BatchProgress
from ion_mentoring.settings.batches import Batches
from ion_mentoring.settings.publishing import Publishing
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.clients import http_client
from ion_mentoring.wiring.publishing import publisher
from ion_mentoring.wiring.stores import Stores

PUBLISHED_WITHIN_S: Final = 5.0  # nobody waits for a message by the millisecond


class BatchParts(Struct, frozen=True):
    """Who publishes, who counts, and who ends."""

    publisher: Publisher | None
    fanout: Fanout
    progress: BatchProgress
    end: EndBatch


def batch_parts(settings: Batches, publishing: Publishing, kept: Stores, log: EventLog) -> BatchParts:
    """The parts over these stores."""
    publishes = publisher(publishing, within_s=PUBLISHED_WITHIN_S)
    fanout = Fanout(publishes, settings.batch_topic, kept.submissions, log, now)
    progress = BatchProgress(kept.submissions, kept.batches, now)
    return BatchParts(publishes, fanout, progress, EndBatch(kept.submissions, kept.batches, fanout, log, now))


def tell_end(settings: Batches, parts: BatchParts, kept: Stores, log: EventLog) -> TellEnd:
    """The telling of a batch's end."""
    from ion_mentoring.backends.webhooks import Receivers, WebhookClient, local, public, resolved

    laptop = settings.environment == "local"
    receivers = Receivers(local if laptop else public, plain=laptop)
    webhook = WebhookClient(http_client(at_once=8), receivers, resolved, settings.masters, time.time)
    return TellEnd(
        kept.submissions, parts.progress, parts.fanout, parts.publisher, settings.batch_done_topic, webhook, log, now
    )


def now() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)
