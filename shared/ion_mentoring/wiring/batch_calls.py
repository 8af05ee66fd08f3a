"""The calls of the router's endpoints for batches, built at the first of them."""

from collections.abc import Callable
from functools import partial

from ion_mentoring.errors import ValidationFailed
from ion_mentoring.handlers.api.batch_calls import BatchCalls
from ion_mentoring.handlers.web.idempotency import Idempotency
from ion_mentoring.mentoring.batching.submit import SubmitBatch
from ion_mentoring.personas.roster import Roster
from ion_mentoring.sealing.webhooks import secrets_of
from ion_mentoring.settings.batches import Batches
from ion_mentoring.settings.publishing import Publishing
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.basics import new_id
from ion_mentoring.wiring.batches import batch_parts, now
from ion_mentoring.wiring.stores import Stores


def batch_calls(
    settings: Batches, publishing: Publishing, kept: Stores, idempotency: Idempotency, roster: Roster, log: EventLog
) -> BatchCalls:
    """The calls of the router's endpoints for batches."""
    parts = batch_parts(settings, publishing, kept, log)
    return BatchCalls(
        submit_batch=SubmitBatch(kept.submissions, parts.fanout, log, now, settings.batch_items_per_day),
        progress=parts.progress,
        end=parts.end,
        idempotency=idempotency,
        roster=roster,
        new_id=new_id,
        secrets=partial(secrets_of, settings.masters),
        may_call=may_call(settings),
    )


def may_call(settings: Batches) -> Callable[[str], None]:
    """A check of webhooks when they are named; the client that calls them is imported with the first of them."""

    def check(url: str) -> None:
        from ion_mentoring.backends.webhooks import Receivers, local, public

        if not settings.masters:
            raise ValidationFailed("webhook", field="webhook_url", details={"rule": "there are no webhooks here"})
        laptop = settings.environment == "local"
        Receivers(local if laptop else public, plain=laptop).check(url)

    return check
