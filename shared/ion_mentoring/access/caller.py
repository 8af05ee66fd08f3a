"""The caller, and the rights of a role."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ion_mentoring.errors import Forbidden, Unauthenticated


class Role(StrEnum):
    """The role of a caller."""

    MENTEE = "mentee"
    SERVICE = "service"
    OPERATOR = "operator"
    ADMIN = "admin"


ASKS: Final = frozenset({Role.MENTEE, Role.SERVICE})
SENDS_MANY: Final = frozenset({Role.SERVICE})
ADMINISTERS: Final = frozenset({Role.ADMIN})
OPERATES: Final = frozenset({Role.OPERATOR, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller: `id` is safe to log and to count by; without roles it is anybody.

    `monthly_tokens` is what its answers may cost in a month, counted over all models; None is no limit. `everybody` is for one
    who stands for all: the developer on a laptop, the platform, what our own workers do.
    """

    id: str
    roles: frozenset[Role] = frozenset()
    known: bool = True
    monthly_tokens: int | None = None
    everybody: bool = False

    @property
    def holder(self) -> str | None:
        """On whose behalf it takes turns: its own, or everybody's."""
        return None if self.everybody else self.id

    def must_be(self, allowed: frozenset[Role]) -> None:
        """Unauthenticated for a stranger, Forbidden for somebody of another role; admins may ask as anybody."""
        if self.roles & allowed or Role.ADMIN in self.roles:
            return
        if not self.known:
            raise Unauthenticated("a credential is needed")
        raise Forbidden("not this role", details={"needs": sorted(allowed)})
