"""Items of batches that were handed in, as the use case takes them: asked on behalf of whoever handed them in."""

from ion_mentoring.errors import MentoringError
from ion_mentoring.handlers.contract.answer_requests import answer_request
from ion_mentoring.handlers.contract.requests import ProcessRequest
from ion_mentoring.handlers.web.validation import check
from ion_mentoring.mentoring.batching.ending import place_name
from ion_mentoring.mentoring.batching.items import Item
from ion_mentoring.mentoring.batching.whose import caller_of, whose
from ion_mentoring.records.batches.results import ERASED
from ion_mentoring.records.batches.submissions import Batch, SubmittedItem


def submitted_item(item: SubmittedItem, batch: Batch) -> Item:
    """The item; it was checked when it came in, and is checked again by the rules of today."""
    request, refused = None, None if item.request else ERASED
    try:
        if item.request:
            caller = caller_of(batch.owner)
            request = answer_request(check(ProcessRequest, dict(item.request)), caller, country=batch.country)
    except MentoringError as error:
        refused = f"{error.code}: {error.field or ''}".rstrip(": ")
    key, own = place_name(item.place), whose(item, batch.owner)
    return Item(batch.id, item.item_id, request, refused, key=key, round=batch.round, expires_at=batch.expires_at, owner=own)
