"""The owner whom a call means, as its query string says."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, Final

from ion_mentoring.access.owners import Named, owners
from ion_mentoring.handlers.web.call import Call
from ion_mentoring.handlers.web.query import optional
from ion_mentoring.records.audit.event import Kind

WHOSE: Final[Mapping[str, Any]] = {
    "user_id": optional("string", "The user of the caller's who is meant; a mentee's token means its own."),
    "caller": optional("string", "For admins: the caller whose users are meant, as `key:web` or `sub:kim`."),
    "tenant": optional("string", "For the service's own admins: the tenant whose user is meant."),
}


def owners_of(call: Call) -> tuple[str, ...]:
    """The owners; one person's things of before there were tenants may stand under two, the newer of which is the last."""
    return owners(call.caller, _named(call))


def audited(call: Call, kind: Kind) -> AbstractAsyncContextManager[object]:
    """The audit of what an admin does to another one's things; what is the caller's own is not anybody's concern."""
    named = _named(call)
    if named.caller is None and named.tenant is None:
        return nullcontext()
    (owner,) = owners(call.caller, named)
    return call.audited(kind, owner, named.tenant or call.caller.tenant)


def _named(call: Call) -> Named:
    user, caller, tenant = (call.request.query(name) or None for name in ("user_id", "caller", "tenant"))
    return Named(user, caller, tenant)
