"""Numbers by role and tenant, as settings have them: `service=600 acme/=3000 acme/service=1200`."""

import re
from dataclasses import dataclass
from typing import Final

ROLES: Final = ("mentee", "service", "operator", "admin")
_ENTRY: Final = re.compile(
    rf"(?:(?P<tenant>[a-z0-9][a-z0-9-]{{0,62}})/)?(?P<role>{'|'.join(ROLES)})?=(?P<number>[0-9]{{1,12}})"
)


@dataclass(frozen=True, slots=True)
class RoleLimit:
    """A number for each caller of a role, in one tenant or in all; without a role, for all callers of a tenant together."""

    tenant: str | None
    role: str | None
    number: int


def limits_in(setting: str) -> tuple[RoleLimit, ...]:
    """The entries of a setting, parted by commas or white space; ValueError names a bad one's place."""
    listed = []
    for place, entry in enumerate(re.split(r"[,\s]+", setting.strip()), 1):
        found = _ENTRY.fullmatch(entry)
        if not found or not (found["tenant"] or found["role"]) or not int(found["number"]):
            raise ValueError(f"entry {place} is not role=number, tenant/=number or tenant/role=number")
        listed.append(RoleLimit(found["tenant"], found["role"], int(found["number"])))
    return tuple(listed)
