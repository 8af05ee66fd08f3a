"""The endpoints of v2 for experiments: what each of them does."""

from collections.abc import Awaitable, Callable

from msgspec import Struct
from starlette.responses import Response

from ion_mentoring.catalogue.texts import preferred
from ion_mentoring.experiments.experiment import Experiment
from ion_mentoring.experiments.verdict import breaches
from ion_mentoring.handlers.contract.experiment_requests import ExperimentRequest, StartRequest, StopRequest
from ion_mentoring.handlers.contract.experiments import (
    ExperimentListView,
    OneExperimentView,
    arms_of,
    experiment_of,
    experiment_view,
    report_view,
)
from ion_mentoring.handlers.web.call import Call
from ion_mentoring.handlers.web.responses import json_response, timestamp
from ion_mentoring.mentoring.experimenting.guard import GuardExperiments
from ion_mentoring.mentoring.experimenting.report import reported
from ion_mentoring.mentoring.experimenting.run_experiments import RunExperiments
from ion_mentoring.records.audit.event import Kind


class ExperimentCalls(Struct, frozen=True):
    """The collaborators of the endpoints; `unverified_s` is the time after which a change is known in all instances, `send`
    sends what this instance has gathered."""

    run: RunExperiments
    guard: GuardExperiments
    send: Callable[[], Awaitable[None]]
    unverified_s: float

    async def list(self, call: Call) -> Response:
        """Gives all experiments."""
        found = sorted(await self.run.kept.all(), key=lambda one: (one.made_at, one.id), reverse=True)
        view: ExperimentListView = {
            "success": True,
            "experiments": [experiment_view(one) for one in found],
            "request_id": call.request_id,
            "timestamp": timestamp(),
        }
        return json_response(view)

    async def make(self, call: Call) -> Response:
        """Keeps a draft."""
        sent: ExperimentRequest = call.body
        draft = experiment_of(sent, self.run.now())
        return await self._changed(call, "experiment_made", sent.id, lambda: self.run.make(draft))

    async def read(self, call: Call) -> Response:
        """Gives one."""
        return self._shown(call, await self.run.get(call.path["id"]))

    async def start(self, call: Call) -> Response:
        """Starts one."""
        sent, name = call.body, call.path["id"]
        start: StartRequest = sent
        arms = arms_of(start.arms) if start.arms else None
        return await self._changed(call, "experiment_started", name, lambda: self.run.start(name, start.exposure, arms))

    async def stop(self, call: Call) -> Response:
        """Stops one."""
        sent: StopRequest = call.body
        name = call.path["id"]
        return await self._changed(call, "experiment_stopped", name, lambda: self.run.stop(name, sent.reason))

    async def roll_back(self, call: Call) -> Response:
        """Rolls one back."""
        name = call.path["id"]
        return await self._changed(call, "experiment_rolled_back", name, lambda: self.run.roll_back(name))

    async def report(self, call: Call) -> Response:
        """Gives the report; an arm that has crossed a guardrail by then is stopped first."""
        experiment = await self.run.get(call.path["id"])
        await self.send()
        outcomes = await self.guard.outcomes(experiment)
        if experiment.state == "running" and (found := breaches(experiment, outcomes.samples(experiment))):
            await self.guard.stop(experiment, found)
            experiment = await self.run.get(experiment.id)
        language = preferred(call.request.header(b"accept-language") or "")
        about = {"request_id": call.request_id, "timestamp": timestamp()}
        return json_response({"success": True, **report_view(reported(experiment, outcomes), language), **about})

    async def _changed(self, call: Call, kind: Kind, name: str, change: Callable[[], Awaitable[Experiment]]) -> Response:
        async with call.audited(kind) as act:
            act.facts = {"experiment": name}
            after = await change()
            act.facts = {"experiment": name, "phase": str(after.phase), "exposure": f"{after.exposure:g}"}
        return self._shown(call, after)

    def _shown(self, call: Call, experiment: Experiment) -> Response:
        view: OneExperimentView = {
            "success": True,
            "experiment": experiment_view(experiment),
            "everywhere_within_s": self.unverified_s,
            "request_id": call.request_id,
            "timestamp": timestamp(),
        }
        return json_response(view)
