"""The endpoints of v2 for experiments; what they do is imported with the first call of one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from starlette.responses import Response

from ion_mentoring.access.permissions import OPERATES
from ion_mentoring.handlers.contract.experiment_requests import ExperimentRequest, StartRequest, StopRequest
from ion_mentoring.handlers.web.call import Call, Deferred, Endpoint, Run

if TYPE_CHECKING:
    from pydantic import BaseModel

    from ion_mentoring.handlers.api.experiment_calls import ExperimentCalls

ROOT: Final = "/api/v2/experiments"


def _views(name: str) -> Deferred:
    def get() -> Any:
        from ion_mentoring.handlers.contract import experiments

        return getattr(experiments, name)

    return Deferred(get)


class ExperimentEndpoints(Struct, frozen=True):
    """The table of the endpoints; `calls` makes what they do, once."""

    calls: "Callable[[], ExperimentCalls]"

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The table."""
        one = f"{ROOT}/{{id}}"
        return (
            self._one("GET", ROOT, "list", "All experiments, the newest first", gives="ExperimentListView"),
            self._one("POST", ROOT, "make", "Make a draft of an experiment", ExperimentRequest),
            self._one("GET", one, "read", "One experiment"),
            self._one("POST", f"{one}/start", "start", "Start it, let it meet more people, or begin a phase", StartRequest),
            self._one("POST", f"{one}/stop", "stop", "Stop it: everybody is answered in the usual way", StopRequest),
            self._one("POST", f"{one}/rollback", "roll_back", "Stop it at once, whatever its state is, as one that did harm"),
            self._one("GET", f"{one}/report", "report", "What is known of each arm, and what to do", gives="ReportView"),
        )

    def _one(
        self,
        method: str,
        path: str,
        name: str,
        summary: str,
        takes: "type[BaseModel] | None" = None,
        gives: str = "OneExperimentView",
    ) -> Endpoint:
        return Endpoint(method, path, self._run(name), summary, takes, _views(gives), OPERATES)

    def _run(self, name: str) -> Run:
        async def run(call: Call) -> Response:
            response: Response = await getattr(self.calls(), name)(call)
            return response

        return run
