"""The owner whom a request means: the caller's own user, or for an admin whoever it says."""

import re
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from ion_mentoring.access.caller import DEFAULT_TENANT, Caller, Role, qualified
from ion_mentoring.errors import Forbidden

_OWN: Final = re.compile(r"(?P<tenant>[a-z0-9-]+)/sub:(?P<user>.+)/", re.DOTALL)


class Named(Struct, frozen=True):
    """The user, the caller (`key:web`, `sub:kim`) and the tenant that a request names, as far as it names any."""

    user: str | None = None
    caller: str | None = None
    tenant: str | None = None


def owners(caller: Caller, named: Named) -> tuple[str, ...]:
    """The owners of what is meant. One person's things of before there were tenants may stand under two.

    Forbidden for a mentee's token that names another user, for anybody but an admin who names another caller, and for all but
    the service's own admins who name another tenant.
    """
    if named.caller is None and named.tenant is None:
        user = caller.user(named.user, "user_id")
        return _of_person(caller) if caller.person else (caller.owner(user),)
    if Role.ADMIN not in caller.roles:
        raise Forbidden("not an admin", field="caller" if named.caller is not None else "tenant")
    tenant = named.tenant or caller.tenant
    if tenant != caller.tenant and not caller.of_the_service:
        raise Forbidden("not this tenant", field="tenant")
    if named.caller is None and tenant != DEFAULT_TENANT and named.user is not None:
        return (f"{tenant}/user:{named.user}",)
    if named.caller is None:
        raise Forbidden("nobody named", field="caller")
    name = qualified(tenant, named.caller)
    if tenant == DEFAULT_TENANT and named.user is not None and name == f"sub:{named.user}":
        return f"{name}/", f"{name}/{named.user}"
    return (f"{name}/{named.user or ''}",)


def person_of(owner: str) -> tuple[str, ...]:
    """An owner, and under which other name what is kept of the same person stands, if it is a person's own."""
    found = _OWN.fullmatch(owner)
    return (owner, f"{found['tenant']}/user:{found['user']}") if found else (owner,)


def people_of(caller: Caller, users: Iterable[str | None]) -> frozenset[str]:
    """The owners whom a request of a caller for some users is about."""
    return frozenset(
        name for user in users for owner in (caller.owner(user), caller.learner(user)) for name in person_of(owner)
    )


def payer(owner: str) -> str | None:
    """The caller who is the very person of an owner, and whose answers' costs are the person's; None where there is none.

    A person with two owners has one in the first of them.
    """
    if owner.startswith("sub:"):
        return owner[:-1] if owner.endswith("/") else None
    tenant, named, user = owner.partition("/user:")
    return f"{tenant}/sub:{user}" if named and "/" not in tenant else None


def _of_person(caller: Caller) -> tuple[str, ...]:
    both = (caller.owner(None), caller.owner(caller.person))
    return both if caller.of_the_service else both[1:]
