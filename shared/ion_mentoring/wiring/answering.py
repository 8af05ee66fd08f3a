"""The use case that answers, and the parts of it that others look at: the same for the router and the workers."""

import time
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from ion_mentoring.caching.flight import Flights
from ion_mentoring.caching.performance import CachePerformance
from ion_mentoring.flags.declared import EXPLORATION
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.answer_cache import AnswerCache
from ion_mentoring.mentoring.answering.failover import PersonaFailover
from ion_mentoring.mentoring.answering.memory import Memory
from ion_mentoring.mentoring.answering.metering import Metering
from ion_mentoring.mentoring.answering.routing import Routing
from ion_mentoring.mentoring.answering.safeguard import Safeguard
from ion_mentoring.mentoring.answering.varying import Varying
from ion_mentoring.mentoring.experimenting.guard import GuardExperiments
from ion_mentoring.mentoring.experimenting.watching import Watching
from ion_mentoring.mentoring.flagging.known_flags import CHANGED, KnownFlags
from ion_mentoring.mentoring.recommending.known_tastes import KnownTastes
from ion_mentoring.mentoring.warming.demand import CountedDemand
from ion_mentoring.models.playbook.model import PlaybookModel
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.personas.routing import RoutingTable
from ion_mentoring.records.ledger.prices import Prices
from ion_mentoring.resilience.concurrency import ConcurrencyLimit
from ion_mentoring.settings.access import Access
from ion_mentoring.settings.cache import Cache
from ion_mentoring.settings.consent import ConsentSettings
from ion_mentoring.settings.deployment import Deployment
from ion_mentoring.settings.models import ModelChoice
from ion_mentoring.settings.personas import Personas
from ion_mentoring.settings.publishing import Publishing
from ion_mentoring.settings.store import Store
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.understanding.resonance.detector import Detector
from ion_mentoring.understanding.safety.course import SafetyCourse
from ion_mentoring.understanding.turns.reader import TurnReader
from ion_mentoring.wiring import basics
from ion_mentoring.wiring.caches import Caches, caches, popular, reliance, sharing
from ion_mentoring.wiring.consents import known_consents
from ion_mentoring.wiring.experiments import watching
from ion_mentoring.wiring.known_variants import variants
from ion_mentoring.wiring.limits import daily_tokens
from ion_mentoring.wiring.mentors import Mentors, mentors
from ion_mentoring.wiring.publishing import renewals
from ion_mentoring.wiring.sealing import master_key, open_soon
from ion_mentoring.wiring.stores import Stores, stores

TO_BE_READ: Final = 10_000  # texts that may wait for being read: more than there are connections to an instance


class Answering(Struct, frozen=True):
    """The use case, its stores, its caches, and its mentors with their breakers."""

    answer: AnswerQuestion
    stores: Stores
    mentors: Mentors
    caches: Caches
    performance: CachePerformance
    demand: CountedDemand
    tastes: KnownTastes
    flags: KnownFlags
    experiments: Watching
    guard: GuardExperiments


def answering(
    deployment: Deployment,
    choice: ModelChoice,
    personas: Personas,
    cache: Cache,
    store: Store,
    log: EventLog,
    *,
    someone_waits: bool,
    publishing: Publishing | None = None,
    access: Access | None = None,
    explores: bool = False,
    consent: ConsentSettings | None = None,
) -> Answering:
    """Answers as these settings say. Where someone waits, the playbook is better than nothing; a message can come again.

    With `publishing`, what is known and too old is renewed; `access` has quotas of tokens a day. Where it
    `explores`, as often as the flag says. `consent` has the terms of tenants that ask for it.
    """
    roster = load_roster()
    kept = stores(store.store, master_key(store))
    if store.sealing_kms_key:
        open_soon(kept.keyring)
    kept_caches = caches(cache, log)
    daily = daily_tokens(access, kept_caches) if access else None
    l2 = kept_caches.l2.guard if kept_caches.l2 else None
    performance = CachePerformance(kept_caches.l1, l2, log, time.monotonic, _now)
    asked = mentors(roster, personas, choice, deployment, log)
    flags = KnownFlags(kept.flags, reliance(cache, kept_caches, CHANGED), log)
    routing = replace(_routing(), exploration=partial(flags.value, EXPLORATION)) if explores else _routing()
    demand = CountedDemand(popular(kept_caches), renewals(publishing, kept_caches, log) if publishing else None)
    tastes = KnownTastes(kept.profiles, log)
    prices = Prices.load().with_overrides(choice.model_prices)
    there = variants(roster, choice, prices)
    experiments, guard = watching(kept, cache, kept_caches, there, log)
    answer = AnswerQuestion(
        routing=routing,
        safeguard=Safeguard(_safety_course(), routing, log),
        failover=PersonaFailover(asked.by_persona, asked.last_resort if someone_waits else {}, log, own=asked.own),
        metering=Metering(kept.ledger, prices, log, _now, basics.new_id, daily),
        memory=Memory(kept.conversations, log, _now, basics.new_id),
        cache=AnswerCache(kept_caches.answers, Flights(), kept_caches.keys, performance, choice.model, sharing(kept_caches)),
        demand=demand,
        concurrency=ConcurrencyLimit(choice.answers_at_once, choice.answers_waiting),
        pace=ConcurrencyLimit(1, TO_BE_READ),
        log=log,
        tastes=tastes,
        experiments=experiments,
        consents=known_consents(consent, kept, log) if consent else None,
        varying=Varying(there),
    )
    return Answering(answer, kept, asked, kept_caches, performance, demand, tastes, flags, experiments, guard)


@lru_cache(maxsize=1)
def _routing() -> Routing:
    """The reading of questions, which all functions of a process share: it remembers nothing of them."""
    roster = load_roster()
    return Routing(roster, RoutingTable(roster), Detector.load(), PlaybookModel(), TurnReader.load())


@lru_cache(maxsize=1)
def _safety_course() -> SafetyCourse:
    return SafetyCourse.load()


def _now() -> datetime:
    return datetime.now(UTC)
