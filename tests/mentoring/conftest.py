"""The use case with mentors that a test watches, everything else real."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from ion_mentoring.access.caller import Caller
from ion_mentoring.caching.flight import Flights
from ion_mentoring.caching.local import LocalCache
from ion_mentoring.caching.performance import CachePerformance
from ion_mentoring.caching.sharing import LocalSharing
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.answering.answer_cache import AnswerCache
from ion_mentoring.mentoring.answering.failover import PersonaFailover
from ion_mentoring.mentoring.answering.memory import Memory
from ion_mentoring.mentoring.answering.metering import Metering
from ion_mentoring.mentoring.answering.routing import Routing
from ion_mentoring.mentoring.answering.safeguard import Safeguard
from ion_mentoring.mentoring.answering.values import AnswerRequest
from ion_mentoring.models.playbook.model import PlaybookModel
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.personas.routing import RoutingTable
from ion_mentoring.records.ledger.prices import Prices
from ion_mentoring.records.ledger.protocol import Ledger
from ion_mentoring.resilience.concurrency import ConcurrencyLimit
from ion_mentoring.sealing.keys import CacheKeys
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.understanding.resonance.detector import Detector
from ion_mentoring.understanding.safety.course import SafetyCourse
from ion_mentoring.understanding.turns.reader import TurnReader
from ion_mentoring.wiring.stores import stores
from tests.caching.tiers import replies
from tests.fakes import Clock, SpyMentor


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def spies() -> dict[str, SpyMentor]:
    return {persona: SpyMentor(persona) for persona in load_roster()}


@pytest.fixture
def ledger() -> Ledger:
    return stores("sqlite:///:memory:").ledger


@pytest.fixture
def use_case(spies: dict[str, SpyMentor], lines: list[str], clock: Clock, ledger: Ledger) -> AnswerQuestion:
    roster = load_roster()
    numbers = count(1)
    log = EventLog("test", write=lines.append)

    def new_id() -> str:
        return f"id-{next(numbers)}"

    def now() -> datetime:
        return datetime.now(UTC)

    l1: LocalCache[Any] = LocalCache(max_bytes=1_000, max_entries=10, now=clock)
    performance = CachePerformance(l1, None, log, clock, now)
    routing = Routing(roster, RoutingTable(roster), Detector.load(), PlaybookModel(), TurnReader.load())
    return AnswerQuestion(
        routing=routing,
        safeguard=Safeguard(SafetyCourse.load(), routing, log),
        failover=PersonaFailover(spies, {persona: SpyMentor(persona, degraded=("model",)) for persona in roster}, log),
        metering=Metering(ledger, Prices.load().with_overrides("spy=1/2"), log, now, new_id),
        memory=Memory(stores("sqlite:///:memory:").conversations, log, now, new_id),
        cache=AnswerCache(replies(None, clock), Flights(), CacheKeys(b"secret"), performance, "spy", LocalSharing(clock)),
        demand=None,
        concurrency=ConcurrencyLimit(1_000, 1_000),
        pace=ConcurrencyLimit(1, 1_000),
        log=log,
    )


@pytest.fixture
def ask() -> Callable[..., AnswerRequest]:
    return lambda text="hello there", **fields: AnswerRequest(text, Caller("key:acme"), **fields)
