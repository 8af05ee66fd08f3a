"""The common part of the functions on Pub/Sub: settings at load, the rest at the first message."""

from abc import ABC, abstractmethod
from functools import cached_property

from ion_mentoring.handlers.web.app import App
from ion_mentoring.handlers.web.call import Endpoints
from ion_mentoring.handlers.web.events import EventEndpoints, Jobs
from ion_mentoring.settings.worker import WorkerSettings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring import basics
from ion_mentoring.wiring.answering import Answering, answering
from ion_mentoring.wiring.ending import shutdown
from ion_mentoring.wiring.inner import inner_door


class WorkerFunction(ABC):
    """A function that works on messages; a wrong setting fails here, at load."""

    name: str

    def __init__(self) -> None:
        with basics.starting():
            self.settings = basics.settings(WorkerSettings)

    @abstractmethod
    def work(self, built: Answering, log: EventLog, jobs: Jobs) -> EventEndpoints:
        """The work on a message, behind its door; `jobs` hears of what runs by a schedule."""

    @cached_property
    def http(self) -> App:
        """The function, built at its first message."""
        settings = self.settings
        log, reports, traces = basics.told(self.name, settings.deployment, trusted=True)
        built = answering(
            settings.deployment,
            settings.models,
            settings.personas,
            settings.cache,
            settings.store,
            log,
            someone_waits=False,
            consent=settings.consent,
        )
        return App(
            endpoints=Endpoints(*self.work(built, log, reports).endpoints()),
            log=log,
            reports=reports,
            traces=traces,
            new_id=basics.new_id,
            timeout_s=settings.deployment.work_timeout_s,
            inner=inner_door(self.name, settings.inner, log, pushed=True),
            shutdown=shutdown(),
        )
