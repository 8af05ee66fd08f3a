"""The functions on Pub/Sub, built at their first message."""

from datetime import UTC, datetime
from functools import cache

from ion_mentoring.handlers.call import Endpoints
from ion_mentoring.handlers.events import EventEndpoints, Work
from ion_mentoring.handlers.http import HttpFunction
from ion_mentoring.settings import WorkerSettings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring import basics
from ion_mentoring.wiring.answering import Answering, answering


@cache
def batch() -> HttpFunction:
    """Answers the items of a message and stores the results."""
    from ion_mentoring.handlers.workers import BatchWork, stored_view
    from ion_mentoring.mentoring.batch import AnswerBatch

    settings, log, built = _built("batch")
    use_case = AnswerBatch(built.answer, built.stores.batches, log, now=lambda: datetime.now(UTC), show=stored_view)
    return _function("batch", settings, log, BatchWork(use_case))


@cache
def warming() -> HttpFunction:
    """Fills L2 with what is likely to be asked for."""
    from ion_mentoring.handlers.workers import WarmingWork
    from ion_mentoring.mentoring.warming import WarmCaches, load_questions

    settings, log, built = _built("warming")
    return _function("warming", settings, log, WarmingWork(WarmCaches(built.answer, load_questions(), log)))


def _built(name: str) -> tuple[WorkerSettings, EventLog, Answering]:
    settings = basics.settings(WorkerSettings)
    log = basics.log(name, settings.deployment)
    built = answering(settings.deployment, settings.models, settings.personas, settings.cache, settings.store, log)
    return settings, log, built


def _function(name: str, settings: WorkerSettings, log: EventLog, work: Work) -> HttpFunction:
    return HttpFunction(
        endpoints=Endpoints(*EventEndpoints(work).endpoints()),
        log=log,
        reports=basics.reports(name, settings.deployment),
        new_id=basics.new_id,
        timeout_s=settings.deployment.request_timeout_s,
    )
