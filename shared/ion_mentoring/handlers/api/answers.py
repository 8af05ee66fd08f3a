"""The endpoint of v2 for answers that were given: why they came from whom they came."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct
from starlette.responses import Response

from ion_mentoring.access.owners import Named, owners, person_of
from ion_mentoring.access.permissions import KEEPS
from ion_mentoring.caching.explanations import Explanations
from ion_mentoring.errors import NotFound
from ion_mentoring.handlers.api.whose import WHOSE
from ion_mentoring.handlers.contract.why_views import WhyView, why_view
from ion_mentoring.handlers.web.call import Call, Endpoint
from ion_mentoring.handlers.web.responses import json_response
from ion_mentoring.mentoring.answering.explaining import RoutingRecord, replayed
from ion_mentoring.mentoring.answering.routing import Routing
from ion_mentoring.mentoring.answering.varying import Varying
from ion_mentoring.mentoring.privacy.last_erased import LastErased

ASKER: Final[Mapping[str, Any]] = {name: WHOSE[name] for name in ("caller", "tenant")}


class Answers(Struct, frozen=True):
    """Reads the records of answers, and decides again; not of what was answered before its person was erased."""

    explanations: Explanations
    routing: Routing
    erased: LastErased
    varying: Varying | None = None

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table of answers."""
        return (
            Endpoint(
                "GET",
                "/api/v2/answers/{id}/why",
                self._why,
                "Why an answer of the last 24 hours came from whom it came; an item of a bulk call is `ID-PLACE`",
                gives=WhyView,
                allows=KEEPS,
                query=ASKER,
            ),
        )

    async def _why(self, call: Call) -> Response:
        caller, tenant = (call.request.query(name) or None for name in ASKER)
        for owner in owners(call.caller, Named(None, caller, tenant)):
            explained = await self.explanations.find(owner, call.path["id"])
            if explained and explained.at > await self.erased(person_of(owner)):
                then = RoutingRecord.decoded(explained.record)
                again = replayed(then, self.routing, self.varying)
                return json_response(why_view(call.path["id"], explained.at, then, again, call.request_id))
        raise NotFound("no such answer")
