"""The endpoint of v2 for guests: a pass for who asks without a sign-in, where the tenant of the host lets such people in."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from starlette.responses import Response
from typing_extensions import TypedDict

from ion_mentoring.access.permissions import ANYONE
from ion_mentoring.errors import NotFound
from ion_mentoring.handlers.api.console_tenants import TenantPages
from ion_mentoring.handlers.web.call import Call, Endpoint
from ion_mentoring.handlers.web.responses import json_response, timestamp

if TYPE_CHECKING:  # who has no guests does not pay for importing what knows them
    from ion_mentoring.access.guests import Guests


class GuestView(TypedDict):
    """A pass: the bearer token of a guest until `expires_at`, and how many questions it is good for in a day."""

    success: bool
    token: str
    expires_at: str
    questions_per_day: int
    request_id: str
    timestamp: str


class GuestPasses(Struct, frozen=True):
    """Passes for the tenants of the hosts."""

    guests: "Callable[[], Guests | None]"
    tenants: TenantPages

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table of passes."""
        summary = "A pass for a guest, where the tenant of this host has guests"
        return (Endpoint("POST", "/api/v2/guests", self._admit, summary, gives=GuestView, allows=ANYONE),)

    async def _admit(self, call: Call) -> Response:
        tenant = self.tenants.of(call.request.header(b"host")).guests
        guests = self.guests()
        if tenant is None or guests is None:
            raise NotFound("no guests here")
        given = guests.admit(tenant)
        view: GuestView = {
            "success": True,
            "token": given.token,
            "expires_at": timestamp(datetime.fromtimestamp(given.ends_at, UTC)),
            "questions_per_day": guests.limits[tenant].per_day,
            "request_id": call.request_id,
            "timestamp": timestamp(),
        }
        return json_response(view)
