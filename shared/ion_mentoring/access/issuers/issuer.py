"""An issuer of signed tokens, and what its tokens may be."""

from typing import Final

from msgspec import Struct

from ion_mentoring.access.caller import DEFAULT_TENANT, Role
from ion_mentoring.access.issuers.key import KeySet

TYPES: Final = frozenset({"jwt", "at+jwt"})  # others are for something else (RFC 8725, 3.11; RFC 9068)
LEEWAY_S: Final = 30.0
LIFETIME_S: Final = 24 * 3_600.0


class Issuer(Struct, frozen=True):
    """An issuer for one audience, and the roles that its tokens may carry.

    `leeway_s` is by how much its clock may be ahead of ours, `lifetime_s` how long a token may live. `home` is the address of
    the set that its people's words belong to, where that is another one.
    """

    name: str
    audience: str
    keys: KeySet
    algorithms: frozenset[str]
    tenant: str = DEFAULT_TENANT
    types: frozenset[str] = TYPES
    leeway_s: float = LEEWAY_S
    lifetime_s: float = LIFETIME_S
    roles: frozenset[Role] = frozenset(Role)
    home: str | None = None
