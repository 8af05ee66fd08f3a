"""The endpoints of v2 for batches; what they do is imported with the first call of one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from starlette.responses import Response

from ion_mentoring.access.permissions import HANDS_IN
from ion_mentoring.handlers.web.call import Call, Deferred, Endpoint, Run

if TYPE_CHECKING:
    from ion_mentoring.handlers.api.batch_calls import BatchCalls

ROOT: Final = "/api/v2/batches"
ONE: Final = f"{ROOT}/{{id}}"
CSV: Final = "text/csv"
NDJSON: Final = "application/x-ndjson"
OPTIONS: Final = {
    "name": {"type": "string", "maxLength": 200, "default": None},
    "webhook_url": {"type": "string", "maxLength": 2_000, "default": None},
    "retention_days": {"type": "integer", "minimum": 1, "maximum": 30, "default": 30},
}
PAGING: Final = {
    "cursor": {"type": "string", "maxLength": 10, "default": None},
    "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 100},
}


def _request() -> Any:
    from ion_mentoring.handlers.contract.batches.reading import BatchRequest

    return BatchRequest


def _answer() -> Any:
    from ion_mentoring.handlers.contract.batches.views import BatchAnswer

    return BatchAnswer


def _answers() -> Any:
    from ion_mentoring.handlers.contract.batches.views import BatchesAnswer

    return BatchesAnswer


def _results() -> Any:
    from ion_mentoring.handlers.contract.batches.views import ResultsAnswer

    return ResultsAnswer


BODIES: Final = {"application/json": Deferred(_request), NDJSON: None, CSV: None}


class Batches(Struct, frozen=True):
    """The table of the endpoints; `calls` makes what they do, once."""

    calls: "Callable[[], BatchCalls]"

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table."""
        one = Deferred(_answer)
        return (
            Endpoint(
                "POST",
                ROOT,
                self._run("submit"),
                "Hand in up to 10,000 questions; the answer comes at once, theirs later",
                gives=one,
                allows=HANDS_IN,
                stores=True,
                status=202,
                bodies=BODIES,
                query=OPTIONS,
            ),
            Endpoint(
                "GET",
                ROOT,
                self._run("list"),
                "The caller's batches, newest first",
                gives=Deferred(_answers),
                allows=HANDS_IN,
            ),
            Endpoint("GET", ONE, self._run("show"), "The progress of a batch", gives=one, allows=HANDS_IN),
            Endpoint(
                "GET",
                f"{ONE}/results",
                self._run("results"),
                "Results in the order of the items: pages of JSON, or all of them as CSV or NDJSON",
                gives=Deferred(_results),
                allows=HANDS_IN,
                query=PAGING,
                also_gives=(CSV, NDJSON),
            ),
            Endpoint("DELETE", ONE, self._run("cancel"), "Cancel what has not run", gives=one, allows=HANDS_IN),
            Endpoint(
                "POST",
                f"{ONE}/replay",
                self._run("replay"),
                "Try what failed again",
                gives=one,
                allows=HANDS_IN,
                stores=True,
            ),
        )

    def _run(self, name: str) -> Run:
        async def run(call: Call) -> Response:
            response: Response = await getattr(self.calls(), name)(call)
            return response

        return run
