"""The limit of a caller: its key's own, else that of its role in its tenant, of its role, or everybody's."""

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from ion_mentoring.access.caller import Caller, Role


class LimitRules(Struct, frozen=True):
    """Limits by (tenant, role); a tenant of None is any. `whole` are those of all callers of a tenant together.

    `usual` is everybody's; None is no limit.
    """

    usual: int | None = None
    by_role: Mapping[tuple[str | None, Role], int] = field(default_factory=dict)
    whole: Mapping[str, int] = field(default_factory=dict)

    def of(self, caller: Caller) -> int | None:
        """The limit of one caller; of several roles, the most that any of them may."""
        if not self.by_role:
            return self.usual
        return max(self._of_roles(caller), default=self.usual)

    def of_tenant(self, caller: Caller) -> int | None:
        """The limit of all callers of its tenant together; strangers and guests take nothing from it."""
        return self.whole.get(caller.tenant) if caller.known and caller.guest is None else None

    def _of_roles(self, caller: Caller) -> Iterator[int]:
        for role in caller.roles:
            own = self.by_role.get((caller.tenant, role)) or self.by_role.get((None, role))
            if own is not None:
                yield own
