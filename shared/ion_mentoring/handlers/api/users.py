"""The endpoints of v2 for people: their erasure and export; what they do is imported with the first call of one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from starlette.responses import Response

from ion_mentoring.access.permissions import ERASES
from ion_mentoring.handlers.api.whose import WHOSE
from ion_mentoring.handlers.contract.user_views import UserErasureView
from ion_mentoring.handlers.web.call import Call, Deferred, Endpoint, Run
from ion_mentoring.handlers.web.query import optional

if TYPE_CHECKING:
    from ion_mentoring.handlers.api.user_calls import UserCalls


FORMAT: Final = {"format": optional("string", "The form; else Accept says it.", enum=["json", "html"])}


def _export() -> Any:
    from ion_mentoring.handlers.contract.user_exports import UserExportView

    return UserExportView


class Users(Struct, frozen=True):
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
            Endpoint(
                "GET",
                f"{one}/export",
                self._run("export"),
                "Everything that is kept of a user, as one JSON object or as a page for people",
                gives=Deferred(_export),
                allows=ERASES,
                query={**whose, **FORMAT},
                also_gives=("text/html",),
            ),
        )

    def _run(self, name: str) -> Run:
        async def run(call: Call) -> Response:
            response: Response = await getattr(self.calls(), name)(call)
            return response

        return run
