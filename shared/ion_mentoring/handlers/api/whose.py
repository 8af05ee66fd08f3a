"""The owner whom a call means, as its query string says."""

from collections.abc import Mapping
from typing import Any, Final

from ion_mentoring.access.owners import Named, owners
from ion_mentoring.handlers.web.call import Call
from ion_mentoring.handlers.web.query import optional

WHOSE: Final[Mapping[str, Any]] = {
    "user_id": optional("string", "The user of the caller's who is meant; a mentee's token means its own."),
    "caller": optional("string", "For admins: the caller whose users are meant, as `key:web` or `sub:kim`."),
    "tenant": optional("string", "For the service's own admins: the tenant whose user is meant."),
}


def owners_of(call: Call) -> tuple[str, ...]:
    """The owners; one person's things of before there were tenants may stand under two, the newer of which is the last."""
    user, caller, tenant = (call.request.query(name) or None for name in ("user_id", "caller", "tenant"))
    return owners(call.caller, Named(user, caller, tenant))
