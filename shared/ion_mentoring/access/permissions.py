"""Permissions: who may use an endpoint. Each endpoint states one, and what states none is for nobody."""

from dataclasses import dataclass
from typing import Final

from ion_mentoring.access.caller import Caller, Role
from ion_mentoring.errors import Forbidden, NotFound, Unauthenticated


@dataclass(frozen=True, slots=True)
class Permission:
    """The right to use an endpoint: for `anyone`, or for those of some roles; an admin may do what any of them may.

    `service_wide` is for what concerns all tenants: only callers of the service's own tenant may do that.
    `own` is about what belongs to somebody: what is foreign is absent, but for an admin who says whose of its tenant is meant.
    """

    roles: frozenset[Role] = frozenset()
    anyone: bool = False
    service_wide: bool = False
    own: bool = False

    def holds(self, caller: Caller) -> bool:
        """True if the caller has it."""
        try:
            self.check(caller)
        except (Unauthenticated, Forbidden, NotFound):
            return False
        return True

    def check(self, caller: Caller) -> None:
        """Unauthenticated for a stranger, Forbidden for somebody of another role, NotFound where it is for nobody."""
        if self.anyone:
            return
        if not caller.known:
            raise Unauthenticated("a credential is needed")
        if not self.roles:
            raise NotFound("an endpoint for nobody")
        if not (caller.roles & self.roles or Role.ADMIN in caller.roles):
            raise Forbidden("not this role", details={"needs": sorted(self.roles)})
        if self.service_wide and not caller.of_the_service:
            raise Forbidden("not this tenant")


NOBODY: Final = Permission()
ANYONE: Final = Permission(anyone=True)
ASKS: Final = Permission(frozenset({Role.MENTEE, Role.SERVICE}))
SENDS_MANY: Final = Permission(frozenset({Role.SERVICE}))
KEEPS: Final = Permission(frozenset({Role.MENTEE, Role.SERVICE}), own=True)
OPERATES: Final = Permission(frozenset({Role.OPERATOR, Role.ADMIN}), service_wide=True)
ADMINISTERS: Final = Permission(frozenset({Role.ADMIN}), service_wide=True)
