"""The warming function: L2 is filled with what is likely to be asked for."""

from typing import TYPE_CHECKING

from ion_mentoring.caching.renewing import Renewing
from ion_mentoring.handlers.web.events import EventEndpoints, Jobs
from ion_mentoring.handlers.workers.warming import WarmingWork
from ion_mentoring.mentoring.warming.warm_caches import Pace, WarmCaches, load_questions
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.answering import Answering
from ion_mentoring.wiring.population import count_and_guard
from ion_mentoring.wiring.worker import WorkerFunction

if TYPE_CHECKING:
    from ion_mentoring.caching.memorystore import MemorystoreCache
    from ion_mentoring.caching.progress import Progress


class WarmingFunction(WorkerFunction):
    """Works on `cache-warming`."""

    name = "warming"

    def work(self, built: Answering, log: EventLog, jobs: Jobs) -> EventEndpoints:
        """Fills."""
        caches = built.caches
        pace = Pace(self.settings.warming.warming_per_minute, self.settings.warming.warming_budget)
        warm = WarmCaches(
            built.answer, Renewing(caches.answers), load_questions(), log, built.demand.popular, _progress(caches.l2), pace
        )
        return EventEndpoints(WarmingWork(warm, caches.sealed, count_and_guard(built), jobs))


def _progress(l2: "MemorystoreCache | None") -> "Progress | None":
    if l2 is None:
        return None
    from ion_mentoring.caching.progress import Progress

    return Progress(l2, "warming")
