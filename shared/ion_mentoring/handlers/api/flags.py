"""The endpoints of v2 for flags; what they do is imported with the first call of one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from starlette.responses import Response

from ion_mentoring.access.permissions import OPERATES
from ion_mentoring.handlers.contract.flag_requests import TurnFlagRequest
from ion_mentoring.handlers.web.call import Call, Deferred, Endpoint, Run
from ion_mentoring.handlers.web.query import optional

if TYPE_CHECKING:
    from ion_mentoring.handlers.api.flag_calls import FlagCalls

ROOT: Final = "/api/v2/flags"
WHOSE: Final = {"tenant": optional("string", "The tenant that is meant; else all of them.")}


def _views(name: str) -> Deferred:
    def get() -> Any:
        from ion_mentoring.handlers.contract import flags

        return getattr(flags, name)

    return Deferred(get)


class Flags(Struct, frozen=True):
    """The table of the endpoints; `calls` makes what they do, once."""

    calls: "Callable[[], FlagCalls]"

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table."""
        one = f"{ROOT}/{{name}}"
        return (
            Endpoint(
                "GET",
                ROOT,
                self._run("list"),
                "The flags, what was chosen for them and what holds",
                gives=_views("FlagListView"),
                allows=OPERATES,
                query=WHOSE,
            ),
            Endpoint(
                "PUT",
                one,
                self._run("set"),
                "Choose a variant of a flag, for one tenant or for all",
                TurnFlagRequest,
                _views("TurnedFlagView"),
                OPERATES,
            ),
            Endpoint(
                "DELETE",
                one,
                self._run("reset"),
                "Go back to what holds where nobody chose",
                gives=_views("TurnedFlagView"),
                allows=OPERATES,
                query=WHOSE,
            ),
        )

    def _run(self, name: str) -> Run:
        async def run(call: Call) -> Response:
            response: Response = await getattr(self.calls(), name)(call)
            return response

        return run
