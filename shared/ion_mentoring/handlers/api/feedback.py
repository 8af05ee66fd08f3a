"""The endpoints of v2 for ratings; what they do is imported with the first call of one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from starlette.responses import Response

from ion_mentoring.access.permissions import KEEPS, OPERATES
from ion_mentoring.handlers.api.whose import WHOSE
from ion_mentoring.handlers.contract.feedback import (
    FeedbackListView,
    FeedbackRequest,
    FeedbackTakenBackView,
    FeedbackView,
)
from ion_mentoring.handlers.web.call import Call, Endpoint, Run
from ion_mentoring.handlers.web.query import optional

if TYPE_CHECKING:
    from ion_mentoring.handlers.api.feedback_calls import FeedbackCalls

ROOT: Final = "/api/v2/feedback"
NDJSON: Final = "application/x-ndjson"
AFTER: Final[dict[str, Any]] = {
    "after": optional("string", "The `place` of the last line that was read before: what changed since then follows.")
}


class Feedback(Struct, frozen=True):
    """The table of the endpoints; `calls` makes what they do, once."""

    calls: "Callable[[], FeedbackCalls]"

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table."""
        rate = "Rate an answer, in place of what was said of it before"
        return (
            Endpoint("POST", ROOT, self._run("rate"), rate, FeedbackRequest, FeedbackView, KEEPS, stores=True),
            Endpoint("GET", ROOT, self._run("list"), "A user's ratings", gives=FeedbackListView, allows=KEEPS, query=WHOSE),
            Endpoint(
                "DELETE",
                f"{ROOT}/{{id}}",
                self._run("take_back"),
                "Take a rating back",
                gives=FeedbackTakenBackView,
                allows=KEEPS,
                query=WHOSE,
            ),
            Endpoint(
                "GET",
                f"{ROOT}/export",
                self._run("export"),
                "All ratings, one a line, in the order of their last change; no user can be told from them",
                allows=OPERATES,
                query=AFTER,
                also_gives=(NDJSON,),
            ),
        )

    def _run(self, name: str) -> Run:
        async def run(call: Call) -> Response:
            response: Response = await getattr(self.calls(), name)(call)
            return response

        return run
