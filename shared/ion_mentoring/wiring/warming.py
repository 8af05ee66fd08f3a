"""The warming function: L2 is filled with what is likely to be asked for."""

from ion_mentoring.handlers.events import Work
from ion_mentoring.handlers.warming import WarmingWork
from ion_mentoring.mentoring.warming import WarmCaches, load_questions
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.answering import Answering
from ion_mentoring.wiring.worker import WorkerFunction


class WarmingFunction(WorkerFunction):
    """Works on `cache-warming`."""

    name = "warming"

    def work(self, built: Answering, log: EventLog) -> Work:
        """Fills."""
        return WarmingWork(WarmCaches(built.answer, load_questions(), log), built.caches.sealed)
