"""The use case with mentors that a test watches, everything else real."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest

from ion_mentoring.access.caller import Caller
from ion_mentoring.caching.flight import Flights
from ion_mentoring.caching.keys import CacheKeys
from ion_mentoring.caching.local import LocalCache
from ion_mentoring.caching.two_tier import TwoTierCache
from ion_mentoring.mentoring.answer import AnswerQuestion
from ion_mentoring.mentoring.asking import Ask, decode_reply, encode_reply
from ion_mentoring.personas.contract import Reply
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.resonance.detector import Detector
from ion_mentoring.routing.table import RoutingTable
from ion_mentoring.safety.crisis import Crisis
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.stores import stores
from tests.fakes import Clock, SpyMentor

BuildUseCase = Callable[..., AnswerQuestion]


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
def use_case(spies: dict[str, SpyMentor], lines: list[str], clock: Clock) -> AnswerQuestion:
    roster = load_roster()
    numbers = count(1)
    near: LocalCache[Reply] = LocalCache(max_bytes=1_000_000, max_entries=100, now=clock)
    return AnswerQuestion(
        roster=roster,
        table=RoutingTable(roster),
        detector=Detector.load(),
        crisis=Crisis.load(),
        mentors=spies,
        cache=TwoTierCache(near, None, encode=encode_reply, decode=decode_reply, now=clock),
        flights=Flights(),
        keys=CacheKeys(b"secret"),
        conversations=stores("sqlite:///:memory:").conversations,
        log=EventLog("test", write=lines.append),
        model="spy",
        ttl_s=60,
        now=lambda: datetime.now(UTC),
        new_id=lambda: f"id-{next(numbers)}",
    )


@pytest.fixture
def rebuilt(use_case: AnswerQuestion) -> BuildUseCase:
    return lambda **changes: replace(use_case, **changes)


@pytest.fixture
def ask() -> Callable[..., Ask]:
    return lambda text="hello there", **fields: Ask(text, Caller("key:acme"), **fields)
