"""The caller: its tenant, its roles, and the users whom it may speak for.

A user is (tenant, id). In `default`, where callers stand that may know nothing of each other, the users whom a caller names are
its own, as they were before there were tenants; in any other tenant all services name the same ones.
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from ion_mentoring.errors import Forbidden

DEFAULT_TENANT: Final = "default"  # of callers that nothing says more of, and of all that was stored before; the service's own
TENANT: Final = r"[a-z0-9][a-z0-9-]{0,62}"


class Role(StrEnum):
    """The role of a caller."""

    MENTEE = "mentee"
    SERVICE = "service"
    OPERATOR = "operator"
    ADMIN = "admin"


class Scope(StrEnum):
    """One kind of what callers may do: a key may be for less than its role is."""

    ASK = "ask"
    MANY = "many"
    OPERATE = "operate"
    ADMINISTER = "administer"


SCOPES: Final = {
    Role.MENTEE: frozenset({Scope.ASK}),
    Role.SERVICE: frozenset({Scope.ASK, Scope.MANY}),
    Role.OPERATOR: frozenset({Scope.OPERATE}),
    Role.ADMIN: frozenset(Scope),
}
SPEAKS: Final = frozenset({Role.SERVICE, Role.ADMIN})  # for any user of the tenant


class Caller(Struct, frozen=True):
    """A caller: `id` is safe to log and to count by, and no caller of another tenant has it; without roles it is anybody.

    `person` is the user that it is itself: the subject of a mentee's token. `monthly_tokens` is what its answers may cost in a
    month, counted over all models; None is no limit. `scopes` are what it is for, where that is less than its roles allow,
    and `per_minute` are its requests a minute, where those are not the usual ones. `guest` is the mark of the network that
    a guest calls from, who has a pass and has not signed in.
    `everybody` is for one who stands for all: the developer on a laptop, the platform, what our own workers do.
    """

    id: str
    roles: frozenset[Role] = frozenset()
    known: bool = True
    monthly_tokens: int | None = None
    everybody: bool = False
    tenant: str = DEFAULT_TENANT
    person: str | None = None
    scopes: frozenset[Scope] | None = None
    per_minute: int | None = None
    guest: str | None = None

    @property
    def holder(self) -> str | None:
        """On whose behalf it takes turns: its own, or everybody's."""
        return None if self.everybody else self.id

    @property
    def of_the_service(self) -> bool:
        """True for a caller of the tenant that runs the service: what concerns all tenants is for such callers alone."""
        return self.tenant == DEFAULT_TENANT

    @property
    def neighbours(self) -> str:
        """Those who may notice by its time that an answer was made before: guests are no neighbours of a tenant's people."""
        return self.tenant if self.guest is None else f"{self.tenant}/guests"

    def session(self, named: str | None) -> str | None:
        """The session that a request is about; Forbidden for a guest, of whom nothing is kept."""
        if self.guest is not None and named is not None:
            raise Forbidden("a guest has no session", field="context.session_id")
        return named

    def user(self, named: str | None, field: str = "context.user_id") -> str | None:
        """The user that a request is about; Forbidden where a mentee's token names another one in `field`, or a guest any."""
        if self.guest is not None and named is not None:
            raise Forbidden("a guest names no user", field=field)
        if self.person is None:
            return named
        if named not in (None, self.person):
            raise Forbidden("another user", field=field)
        return named if self.of_the_service else self.person

    def owner(self, user: str | None) -> str:
        """The owner of what is kept for a user: one text, the same for all callers that may speak for that user."""
        if user is None or self.of_the_service or not (self.person or self.roles & SPEAKS):
            return f"{self.id}/{user or ''}"
        return f"{self.tenant}/user:{user}"

    def learner(self, user: str | None) -> str:
        """The owner of what is learnt of a user: where a request names none, a mentee's token means its own person."""
        return self.owner(user or self.person)

    def speaks_for_somebody(self, user: str | None) -> bool:
        """True where a request is one person's: of a user it names, of a mentee, or of the developer on a laptop."""
        return bool(user or self.person) or (self.everybody and Role.MENTEE in self.roles)

    @property
    def circle(self) -> str:
        """The callers that may speak for the same users: all of a tenant, or this very one."""
        return self.id if self.of_the_service or not (self.person or self.roles & SPEAKS) else self.tenant

    def reaches(self, tenant: str, caller_id: str) -> bool:
        """True for what this very caller has made, and for an admin all that callers of its tenant have."""
        return self.id == caller_id or (Role.ADMIN in self.roles and self.tenant == tenant)


def qualified(tenant: str, name: str) -> str:
    """The id of a caller by its name in its tenant (`key:acme`, `sub:kim`); names of `default` are ids as they are."""
    return name if tenant == DEFAULT_TENANT else f"{tenant}/{name}"
