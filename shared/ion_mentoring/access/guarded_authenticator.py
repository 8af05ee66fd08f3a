"""The gate behind a count of refused credentials by network, so that nobody tries keys for long, or fills the log with it."""

import math
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from msgspec import Struct, field

from ion_mentoring.access.authenticator import Authenticator, Credentials
from ion_mentoring.access.caller import Caller
from ion_mentoring.access.key_networks import KeyNetworks
from ion_mentoring.access.limits import RateLimit
from ion_mentoring.errors import RateLimited, Unauthenticated
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.product import SecurityEvent

REFUSED_A_MINUTE: Final = 60
MOST_SHUT: Final = 10_000  # networks; beyond them, those that were shut out first are let in again


class GuardedAuthenticator(Struct, frozen=True):
    """Shuts out a network's credentials, right ones too, from its 60th refused one in a minute to the end of that minute.

    `refusals` counts them, over all instances where it can; `pseudonym` is of a network, for the log. `now` is wall-clock
    time in seconds; `networks` watches where keys come from. Who brings no credential is nobody's guess, and
    is counted as a caller.
    """

    authenticator: Authenticator
    refusals: RateLimit
    pseudonym: Callable[[str], str]
    log: EventLog
    now: Callable[[], float]
    networks: KeyNetworks | None = None
    _shut: OrderedDict[str, float] = field(default_factory=OrderedDict)

    async def caller(self, credentials: Credentials, path: str) -> Caller:
        """The caller; Unauthenticated for a credential that does not hold, RateLimited where there were too many."""
        if self._shut and credentials.brought:
            self._must_be_open(credentials.address)
        try:
            caller = await self.authenticator.caller(credentials)
        except Unauthenticated as error:
            await self._count(credentials.address, path, error)
            raise
        if self.networks and credentials.api_key is not None:
            self.networks.saw(caller, credentials.address, path)
        return caller

    def _must_be_open(self, network: str) -> None:
        until = self._shut.get(network)
        if until is None:
            return
        if (left_s := until - self.now()) > 0:
            raise _too_many(left_s)
        self._shut.pop(network, None)

    async def _count(self, network: str, path: str, error: Unauthenticated) -> None:
        who = self.pseudonym(network)
        self.log.tell(SecurityEvent("credential_refused", who, path, str(error)))
        allowance = await self.refusals.take(f"refused:{network}")
        if allowance.remaining > 0:
            return
        if network not in self._shut:
            self.log.tell(SecurityEvent("shut_out", who, path, f"{REFUSED_A_MINUTE} refused in a minute"))
        self._shut[network] = self.now() + allowance.reset_s
        if len(self._shut) > MOST_SHUT:
            self._shut.popitem(last=False)
        if not allowance.allowed:
            raise _too_many(allowance.reset_s) from None


def _too_many(left_s: float) -> RateLimited:
    return RateLimited("refused credentials", details={"limit": REFUSED_A_MINUTE}, retry_after_s=math.ceil(left_s))
