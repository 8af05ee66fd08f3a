"""The endpoints of v2 for consent; what they do is imported with the first call of one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from starlette.responses import Response

from ion_mentoring.access.permissions import KEEPS
from ion_mentoring.handlers.api.whose import WHOSE
from ion_mentoring.handlers.contract.requests import ConsentRequest
from ion_mentoring.handlers.web.call import Call, Deferred, Endpoint, Run

if TYPE_CHECKING:
    from ion_mentoring.handlers.api.consent_calls import ConsentCalls

ONE: Final = "/api/v2/users/{id}/consent"
ADMINS: Final = {name: WHOSE[name] for name in ("caller", "tenant")}


def _view() -> Any:
    from ion_mentoring.handlers.contract.consents import ConsentView

    return ConsentView


class ConsentEndpoints(Struct, frozen=True):
    """The table of the endpoints; `calls` makes what they do, once."""

    calls: "Callable[[], ConsentCalls]"

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table. `me` in place of an id means the caller's own person."""
        gives = Deferred(_view)
        read = "A person's consent, and what their tenant asks for"
        change = "Agree to a purpose or withdraw that, say who is a child, and that a guardian has agreed"
        withdraw = "Withdraw every consent: what was kept for it is erased"
        return (
            Endpoint("GET", ONE, self._run("read"), read, gives=gives, allows=KEEPS, query=ADMINS),
            Endpoint("PUT", ONE, self._run("change"), change, ConsentRequest, gives, KEEPS, query=ADMINS),
            Endpoint("DELETE", ONE, self._run("withdraw"), withdraw, gives=gives, allows=KEEPS, query=ADMINS),
        )

    def _run(self, name: str) -> Run:
        async def run(call: Call) -> Response:
            response: Response = await getattr(self.calls(), name)(call)
            return response

        return run
