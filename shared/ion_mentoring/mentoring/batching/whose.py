"""The owner of the words of an item of a batch: its user, as the caller that handed it in names it."""

from ion_mentoring.access.caller import Caller, Role
from ion_mentoring.records.batches.submissions import Owner, SubmittedItem


def caller_of(owner: Owner) -> Caller:
    """The caller that a batch belongs to."""
    roles = frozenset(Role(role) for role in owner.roles)
    return Caller(owner.caller, roles, monthly_tokens=owner.monthly_tokens, tenant=owner.tenant)


def whose(item: SubmittedItem, owner: Owner) -> str:
    """The owner of what is kept of an item, as of a request that its user sends; the caller's own where it names nobody."""
    context = item.request.get("context")
    user = context.get("user_id") if isinstance(context, dict) else None
    return caller_of(owner).owner(user)
