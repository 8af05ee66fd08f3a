"""What can be seen of an instance while something of it is down."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from ion_mentoring.caching.two_tier import TwoTierCache
from ion_mentoring.mentoring.answering.answer import AnswerQuestion
from ion_mentoring.mentoring.operating.alerts import Alerts
from ion_mentoring.mentoring.operating.health import Health
from ion_mentoring.mentoring.operating.open_batches import OpenBatches
from ion_mentoring.mentoring.operating.reach import REMEMBERED_S, Ping, reach, store_ping
from ion_mentoring.records.conversations.protocol import ConversationId, Turn
from ion_mentoring.records.conversations.sqlite import SqliteConversations
from ion_mentoring.records.conversations.stored import StoredConversations
from ion_mentoring.resilience.breaker import Breaker, Trouble
from ion_mentoring.telemetry.recent import Recent
from ion_mentoring.wiring.stores import sqlite_database, stores
from tests.fakes import Clock, DownConversations
from tests.mentoring.test_metering import DownLedger

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def pings(cache: TwoTierCache[Any], conversations: StoredConversations) -> dict[str, Ping]:
    return {"cache": cache.l2_state, "store": store_ping(conversations)}


@pytest.fixture
def breakers() -> dict[str, Breaker]:
    return {"lua": Breaker(failures=1, rest_s=60, now=Clock()), "m": Breaker(failures=1, rest_s=60, now=Clock())}


@pytest.fixture
def health_of(use_case: AnswerQuestion, breakers: dict[str, Breaker]) -> Health:
    recent, kept = Recent(Clock()), stores("sqlite:///:memory:")
    return Health(
        cache=use_case.cache.tiers,
        performance=use_case.cache.performance,
        reach=reach(pings(use_case.cache.tiers, SqliteConversations(sqlite_database(":memory:"), lambda: NOW)), Clock()),
        troubles={"cache": use_case.cache.tiers.l2_trouble, "store": kept.guards.trouble},
        ledger=use_case.metering.ledger,
        roster=use_case.routing.roster,
        persona_breakers={"lua": breakers["lua"]},
        model_breakers={"m": breakers["m"]},
        model="m",
        version="3",
        region="here",
        environment="local",
        uptime_s=lambda: 1.0,
        now=lambda: NOW,
        recent=recent,
        alerts=Alerts(recent, tuple(use_case.routing.roster)),
        batches=OpenBatches(kept.submissions, kept.batches, lambda: NOW),
    )


async def test_all_is_well(health_of: Health) -> None:
    health = await health_of.health()
    assert health["status"] == "healthy"
    assert health["dependencies"]["models"] == {"m": "closed"}
    assert health["dependencies"]["personas"]["lua"] == {"place": "remote", "breaker": "closed"}
    assert health["dependencies"]["personas"]["elro"] == {"place": "here"}


@pytest.mark.parametrize("name", ["lua", "m"])
async def test_a_breaker_that_is_not_closed_is_seen(health_of: Health, breakers: dict[str, Breaker], name: str) -> None:
    breakers[name].failed()
    health = await health_of.health()
    assert health["status"] == "degraded"
    states = {"lua": health["dependencies"]["personas"]["lua"]["breaker"], "m": health["dependencies"]["models"]["m"]}
    assert states[name] == "open"


async def test_what_fails_is_told_with_its_reason_and_since_when(health_of: Health, breakers: dict[str, Breaker]) -> None:
    assert health_of.failing() == {"parts": {}, "personas": {}, "models": {}}
    breakers["lua"].failed("persona function: 500")
    breakers["m"].failed("m: 401")
    down = replace(health_of, troubles={"cache": lambda: Trouble("L2: ConnectionError", 45.04), "store": lambda: None})
    failing = (await down.operated())["failing"]
    assert failing["parts"] == {"cache": {"reason": "L2: ConnectionError", "for_s": 45.0}}
    assert failing["personas"] == {"lua": {"reason": "persona function: 500", "for_s": 0.0}}
    assert failing["models"] == {"m": {"reason": "m: 401", "for_s": 0.0}}


async def test_a_store_that_is_down_is_seen_and_costs_are_unknown(health_of: Health) -> None:
    down = replace(health_of, reach=reach(pings(health_of.cache, DownConversations()), Clock()), ledger=DownLedger())
    health = await down.health()
    assert (health["status"], health["dependencies"]["store"]) == ("degraded", "down")
    assert (await down.operated())["cost"] == {"state": "down"}


async def test_costs_are_those_of_this_month(health_of: Health) -> None:
    assert (await health_of.cost())["month"] == "2026-11"


class Counting(DownConversations):
    """A store that counts how often it is looked at, and is down as long as it is told to be."""

    def __init__(self) -> None:
        self.looked = 0
        self.down = True

    async def recent(self, conversation: ConversationId, limit: int) -> tuple[Turn, ...]:
        self.looked += 1
        await asyncio.sleep(0)
        return await super().recent(conversation, limit) if self.down else ()


async def test_however_many_ask_the_store_is_looked_at_once_in_a_while(health_of: Health) -> None:
    clock, store = Clock(), Counting()
    asked = replace(health_of, reach=reach(pings(health_of.cache, store), clock))
    answers = await asyncio.gather(*(asked.health() for _ in range(50)))
    assert {answer["dependencies"]["store"] for answer in answers} == {"down"}
    store.down = False
    assert (await asked.health())["dependencies"]["store"] == "down"
    assert store.looked == 1
    clock.tick(REMEMBERED_S)
    assert (await asked.health())["dependencies"]["store"] == "ok"
    assert store.looked == 2
