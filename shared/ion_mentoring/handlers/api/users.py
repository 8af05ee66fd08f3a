"""The endpoints of v2 for people: their erasure; what they do is imported with the first call of one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import Response

from ion_mentoring.access.permissions import ERASES
from ion_mentoring.handlers.api.whose import WHOSE
from ion_mentoring.handlers.contract.user_views import UserErasureView
from ion_mentoring.handlers.web.call import Call, Endpoint, Run

if TYPE_CHECKING:
    from ion_mentoring.handlers.api.user_calls import UserCalls


@dataclass(frozen=True, slots=True)
class Users:
    """The table of the endpoints; `calls` makes what they do, once."""

    calls: "Callable[[], UserCalls]"

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table."""
        one = "/api/v2/users/{id}"
        whose = {name: said for name, said in WHOSE.items() if name != "user_id"}
        erase = "Erase a user: the keys of what was written first, then all that they opened"
        asked = "The erasure of a user that was asked for last"
        return (
            Endpoint("DELETE", one, self._run("erase"), erase, gives=UserErasureView, allows=ERASES, query=whose),
            Endpoint("GET", f"{one}/erasure", self._run("progress"), asked, gives=UserErasureView, allows=ERASES, query=whose),
        )

    def _run(self, name: str) -> Run:
        async def run(call: Call) -> Response:
            response: Response = await getattr(self.calls(), name)(call)
            return response

        return run
