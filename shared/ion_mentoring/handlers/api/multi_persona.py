"""The endpoint of v2 for several mentors at once; what it does is imported with its first call."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from starlette.responses import Response

from ion_mentoring.access.permissions import ASKS
from ion_mentoring.handlers.contract.multi_persona import MultiPersonaRequest, MultiPersonaView
from ion_mentoring.handlers.web.call import Call, Endpoint

if TYPE_CHECKING:
    from ion_mentoring.handlers.api.multi_persona_calls import MultiPersonaCalls

PATH: Final = "/api/v2/chat/multi-persona"


class MultiPersona(Struct, frozen=True):
    """The table of the endpoint; `calls` makes what it does, once."""

    calls: "Callable[[], MultiPersonaCalls]"

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table."""
        return (
            Endpoint(
                "POST",
                PATH,
                self._ask,
                "Two to four mentors answer together, in one merged answer",
                MultiPersonaRequest,
                MultiPersonaView,
                ASKS,
                cost=_mentors,
                streams=True,
                stores=True,
            ),
        )

    async def _ask(self, call: Call) -> Response:
        return await self.calls().ask(call)


def _mentors(sent: MultiPersonaRequest) -> int:
    return sent.mentors
