"""The revocation of tokens: written down, then told to all instances."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from msgspec import Struct

from ion_mentoring.access.caller import Caller
from ion_mentoring.errors import CacheUnavailable, Forbidden
from ion_mentoring.records.revocations.protocol import Kind, Revocation, Revocations
from ion_mentoring.telemetry.events import EventLog

CHANGED: Final = "token-revocations"  # the tag in the order of invalidations under which what instances know of them stands


class RevokeTokens(Struct, frozen=True):
    """The use case. `invalidate` makes void, in all instances, what is known of revocations."""

    revocations: Revocations
    invalidate: Callable[[str], Awaitable[None]]
    log: EventLog
    now: Callable[[], datetime]

    async def __call__(self, caller: Caller, kind: Kind, value: str, tenant: str | None = None) -> Revocation:
        """Revokes for the caller's tenant, or for one that only callers of the service may name.

        StoreUnavailable if it is not kept.
        """
        if tenant not in (None, caller.tenant) and not caller.of_the_service:
            raise Forbidden("another tenant", field="tenant")
        revocation = Revocation(tenant or caller.tenant, kind, value, self.now())
        await self.revocations.put(revocation)
        try:
            await self.invalidate(CHANGED)
        except CacheUnavailable as error:  # the other instances read the store again after a while, without being told
            self.log.warning("revocation_untold", reason=str(error))
        self.log.info("token_revoked", kind=kind, tenant=revocation.tenant, caller=caller.id)
        return revocation
