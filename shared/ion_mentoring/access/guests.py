"""Guests: people whom a tenant lets ask a little without a sign-in. A pass names nobody: random bits, a tenant, an end, a mark.

    ion-guest. acme . 6924f1c0 . 7Gq2mXc0LdPz3kT9aBcDeF . kT3...24 characters

Its bearer can be told from others until it ends, and no pass from another; who throws one away is counted by the network then.
"""

import hmac
import re
import secrets
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from msgspec import Struct

from ion_mentoring.access.authenticator import GUEST_PREFIX
from ion_mentoring.access.caller import TENANT, Caller, Role, qualified
from ion_mentoring.access.guest_limits import GuestLimits
from ion_mentoring.errors import Unauthenticated

LIVES_S: Final = 86_400
ID_BYTES: Final = 16

_PASS: Final = re.compile(
    rf"(?P<about>ion-guest\.(?P<tenant>{TENANT})\.(?P<ends>[0-9a-f]{{1,12}})\.(?P<id>[A-Za-z0-9_-]{{22}}))"
    r"\.(?P<mark>[A-Za-z0-9_-]{24})"
)


class GuestPass(NamedTuple):
    """A pass, and its end in Unix seconds."""

    token: str
    ends_at: int


class Guests(Struct, frozen=True):
    """The guests of the tenants that have some.

    `mark` is a keyed hash of a text, `network_mark` of a network; `now` is wall-clock time in seconds.
    """

    limits: Mapping[str, GuestLimits]
    mark: Callable[[str], str]
    network_mark: Callable[[str], str]
    now: Callable[[], float]

    def admit(self, tenant: str) -> GuestPass:
        """A new pass."""
        ends_at = int(self.now()) + LIVES_S
        about = f"{GUEST_PREFIX}{tenant}.{ends_at:x}.{secrets.token_urlsafe(ID_BYTES)}"
        return GuestPass(f"{about}.{self.mark(about)}", ends_at)

    def caller(self, token: str, network: str) -> Caller:
        """The guest of a pass, who calls from a network; Unauthenticated for a pass that does not hold."""
        found = _PASS.fullmatch(token)
        if found is None or not hmac.compare_digest(found["mark"], self.mark(found["about"])):
            raise Unauthenticated("pass refused: mark")
        tenant = found["tenant"]
        if int(found["ends"], 16) <= self.now() or tenant not in self.limits:
            raise Unauthenticated("pass refused: over")
        name = qualified(tenant, f"guest:{found['id']}")
        return Caller(name, frozenset({Role.MENTEE}), tenant=tenant, guest=self.network_mark(network))
