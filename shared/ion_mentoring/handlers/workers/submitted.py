"""Items of batches that were handed in, as the use case takes them: asked on behalf of whoever handed them in."""

from ion_mentoring.access.caller import Caller, Role
from ion_mentoring.errors import MentoringError
from ion_mentoring.handlers.contract.answer_requests import answer_request
from ion_mentoring.handlers.contract.requests import ProcessRequest
from ion_mentoring.handlers.web.validation import check
from ion_mentoring.mentoring.batching.ending import place_name
from ion_mentoring.mentoring.batching.items import Item
from ion_mentoring.records.batches.submissions import Batch, Owner, SubmittedItem


def submitted_item(item: SubmittedItem, batch: Batch) -> Item:
    """The item; it was checked when it came in, and is checked again by the rules of today."""
    request, refused = None, None
    try:
        request = answer_request(check(ProcessRequest, dict(item.request)), caller_of(batch.owner), country=batch.country)
    except MentoringError as error:
        refused = f"{error.code}: {error.field or ''}".rstrip(": ")
    key = place_name(item.place)
    return Item(batch.id, item.item_id, request, refused, key=key, round=batch.round, expires_at=batch.expires_at)


def caller_of(owner: Owner) -> Caller:
    """The caller that a batch belongs to."""
    roles = frozenset(Role(role) for role in owner.roles)
    return Caller(owner.caller, roles, monthly_tokens=owner.monthly_tokens, tenant=owner.tenant)
