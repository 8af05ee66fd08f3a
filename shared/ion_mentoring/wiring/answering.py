"""The use case that answers, and the parts of it that others look at: the same for the router and the workers."""

from dataclasses import dataclass
from datetime import UTC, datetime

from ion_mentoring.caching.flight import Flights
from ion_mentoring.mentoring.answer import AnswerQuestion
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.resonance.detector import Detector
from ion_mentoring.routing.table import RoutingTable
from ion_mentoring.safety.crisis import Crisis
from ion_mentoring.settings import Cache, Deployment, ModelChoice, Personas, Store
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring import basics, caches
from ion_mentoring.wiring.mentors import mentors
from ion_mentoring.wiring.stores import Stores, stores


@dataclass(frozen=True, slots=True)
class Answering:
    """The use case and its stores."""

    answer: AnswerQuestion
    stores: Stores


def answering(
    deployment: Deployment, models: ModelChoice, personas: Personas, cache: Cache, store: Store, log: EventLog
) -> Answering:
    """Answers as these settings say."""
    roster = load_roster()
    kept = stores(store.store)
    answer = AnswerQuestion(
        roster=roster,
        table=RoutingTable(roster),
        detector=Detector.load(),
        crisis=Crisis.load(),
        mentors=mentors(roster, personas, models, deployment, log),
        cache=caches.cache(cache),
        flights=Flights(),
        keys=caches.keys(cache),
        conversations=kept.conversations,
        log=log,
        model=models.model,
        ttl_s=cache.cache_ttl_s,
        now=lambda: datetime.now(UTC),
        new_id=basics.new_id,
    )
    return Answering(answer, kept)
