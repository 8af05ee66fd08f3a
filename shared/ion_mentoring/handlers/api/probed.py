"""Questions, looked at for probing of the cache before they are answered."""

from msgspec import Struct

from ion_mentoring.access.probing import Probing
from ion_mentoring.handlers.contract.requests import ProcessRequest
from ion_mentoring.handlers.web.call import Call


class Probed(Struct, frozen=True):
    """The watch over callers' questions; `hops` are the proxies of ours before us. Without a `probing` nobody is watched."""

    probing: Probing | None
    hops: int

    def watches(self, call: Call) -> bool:
        """True if the question of a call has to be looked at, known or not."""
        return self.probing is not None and self.probing.watches(call.caller)

    async def look(self, call: Call, sent: ProcessRequest) -> None:
        """Counts a question that is asked the other way round than before; RateLimited where they were too many."""
        if self.probing is not None and (not sent.use_cache or self.probing.watches(call.caller)):
            network = call.request.address(self.hops)
            await self.probing.saw(call.caller, network, call.route, sent.user_input, cached=sent.use_cache)
