"""Permissions: who may use an endpoint. Each endpoint states one, and what states none is for nobody."""

from typing import Final, Literal

from msgspec import Struct

from ion_mentoring.access.caller import Caller, Role, Scope
from ion_mentoring.errors import Forbidden, NotFound, Unauthenticated

_OVER_OTHERS: Final = frozenset({Role.OPERATOR, Role.ADMIN})


class Permission(Struct, frozen=True):
    """The right to use an endpoint: for `anyone`, or for those of some roles; an admin may do what any of them may.

    `service_wide` is for what concerns all tenants: only callers of the service's own tenant may do that. `whose` is about
    things that belong to somebody, to a caller's `own` user or to its `tenant`: there, what is foreign is absent. `scope` is
    what a key has to be for, whatever its role. `guests` have it, too, where a tenant has any.
    """

    roles: frozenset[Role] = frozenset()
    anyone: bool = False
    service_wide: bool = False
    whose: Literal["own", "tenant"] | None = None
    scope: Scope | None = None
    guests: bool = False

    @property
    def administrative(self) -> bool:
        """True for what only those may do who have power over others."""
        return bool(self.roles) and self.roles <= _OVER_OTHERS

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
        if not caller.known or (caller.guest is not None and not self.guests):
            raise Unauthenticated("a credential is needed")
        if not self.roles:
            raise NotFound("an endpoint for nobody")
        if not (caller.roles & self.roles or Role.ADMIN in caller.roles):
            raise Forbidden("not this role", details={"needs": sorted(self.roles)})
        if caller.scopes is not None and self.scope is not None and self.scope not in caller.scopes:
            raise Forbidden("not this scope", details={"needs": [self.scope]})
        if self.service_wide and not caller.of_the_service:
            raise Forbidden("not this tenant")


NOBODY: Final = Permission()
ANYONE: Final = Permission(anyone=True)
ASKS: Final = Permission(frozenset({Role.MENTEE, Role.SERVICE}), scope=Scope.ASK)
TALKS: Final = Permission(frozenset({Role.MENTEE, Role.SERVICE}), scope=Scope.ASK, guests=True)
SENDS_MANY: Final = Permission(frozenset({Role.SERVICE}), scope=Scope.MANY)
KEEPS: Final = Permission(frozenset({Role.MENTEE, Role.SERVICE}), whose="own", scope=Scope.ASK)
ERASES: Final = Permission(frozenset({Role.MENTEE}), whose="own", scope=Scope.ASK)
HANDS_IN: Final = Permission(frozenset({Role.SERVICE}), whose="own", scope=Scope.MANY)
OPERATES: Final = Permission(frozenset({Role.OPERATOR, Role.ADMIN}), service_wide=True, scope=Scope.OPERATE)
ADMINISTERS: Final = Permission(frozenset({Role.ADMIN}), service_wide=True, scope=Scope.ADMINISTER)
ISSUES: Final = Permission(frozenset({Role.ADMIN}), whose="tenant", scope=Scope.ADMINISTER)
REVOKES: Final = Permission(frozenset({Role.ADMIN}), scope=Scope.ADMINISTER)
