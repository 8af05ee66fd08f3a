"""The tenants that have asked the same, counted over all instances of a region, in L2."""

from collections.abc import Callable
from typing import Final

from ion_mentoring.caching.guarded import NAMESPACE, GuardedServer
from ion_mentoring.caching.sharing import COUNTS_S, TENANTS, LocalSharing, Standing

# Adds a tenant (ARGV[1]) to those of a question, for so many milliseconds (ARGV[2]) from now; gives {was it new, how many
# there are}. More than a hundred need not be told apart.
_ASKED: Final = """
local count = redis.call('SCARD', KEYS[1])
local new = 1 - redis.call('SISMEMBER', KEYS[1], ARGV[1])
if new == 1 and count < 100 then
  redis.call('SADD', KEYS[1], ARGV[1])
  count = count + 1
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return {new, count}
"""


class SharedSharing:
    """Counts in L2. Where that is away, a question is not known to be for all, and its answer stays its tenant's own."""

    def __init__(self, server: GuardedServer, now: Callable[[], float]) -> None:
        self._server = server
        self._known = LocalSharing(now, tenants=1)  # of what is for all: the tenants that have asked it here

    def knows(self, question: str, tenant: str) -> bool:
        """True if L2 has said so before."""
        return self._known.knows(question, tenant)

    async def asked(self, question: str, tenant: str) -> Standing:
        """Counts a tenant in L2."""
        name = f"{NAMESPACE}asked-by:{question}"
        counted = await self._server.evaluate(_ASKED, (name,), tenant, int(COUNTS_S * 1000))
        if counted is None:
            return Standing(common=False, again=False)
        new, count = counted
        if count < TENANTS:
            return Standing(common=False, again=not new)
        self._known.note(question, {tenant})
        return Standing(common=True, again=not new)
