"""What every ledger does: one body for all of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ion_mentoring.backends.sqlite import Database
from ion_mentoring.records.ledger.firestore import FirestoreLedger
from ion_mentoring.records.ledger.prices import Charge, Cost
from ion_mentoring.records.ledger.protocol import RESERVED_FOR, RETENTION, TOP_CALLERS, Entry, Ledger, Spending, Totals
from ion_mentoring.records.ledger.sqlite import SqliteLedger
from ion_mentoring.usage.meter import Usage
from ion_mentoring.wiring.stores import sqlite_database
from tests.real_parts.firestore import patient

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
CALLERS = ["key:acme", "sub:a/b.c", "sub:..", "__all__", "sub:한국 사람", "x" * 2_000, "한" * 700, "a`b\\c", "%", ""]


@dataclass
class Clock:
    time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time


Connect = Callable[[], Ledger]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "firestore"])
async def connect(request: pytest.FixtureRequest, clock: Clock, tmp_path: Path) -> AsyncIterator[Connect]:
    """Makes one more instance over the same store, as another function instance would."""
    if request.param == "firestore":
        project = request.getfixturevalue("firestore_project")
        yield lambda: FirestoreLedger(patient(project), clock)
        return
    opened: list[Database] = []

    def another() -> Ledger:
        opened.append(sqlite_database(str(tmp_path / "ion.sqlite3")))
        return SqliteLedger(opened[-1], clock)

    yield another
    for database in opened:
        await database.close()


@pytest.fixture
def ledger(connect: Connect) -> Ledger:
    return connect()


def charge(model: str = "m", read: int = 10, written: int = 5, *, nano_usd: int = 0, unpriced: int = 0) -> Charge:
    return Charge(model, Usage(read, written), Cost(nano_usd, unpriced))


def entry(identity: str, *charges: Charge, caller: str = "key:acme", persona: str = "lua", at: datetime = NOON) -> Entry:
    return Entry(identity, at, caller, persona, "m", charges or (charge(nano_usd=7),), "whole")


async def test_nothing_was_spent_at_first(ledger: Ledger) -> None:
    assert await ledger.spending("2026-11") == Spending("2026-11")


async def test_entries_add_up_by_persona_model_and_caller(ledger: Ledger) -> None:
    two_models = (charge("m", 10, 5, nano_usd=100), charge("gemini:gemini-2.5-flash", 1, 2, nano_usd=30))
    assert await ledger.settle(entry("1", *two_models))
    assert await ledger.settle(entry("2", charge(read=4, written=0, nano_usd=9), caller="key:other", persona="elro"))
    spending = await ledger.spending("2026-11")
    assert spending.total == Totals(answers=2, input_tokens=15, output_tokens=7, nano_usd=139)
    assert {name: own.nano_usd for name, own in spending.by_persona.items()} == {"elro": 9, "lua": 130}
    assert spending.by_model == {
        "m": Totals(answers=2, input_tokens=14, output_tokens=5, nano_usd=109),
        "gemini:gemini-2.5-flash": Totals(answers=0, input_tokens=1, output_tokens=2, nano_usd=30),
    }
    assert list(spending.by_caller) == ["key:acme", "key:other"], "who used most stands first"


async def test_what_was_estimated_or_has_no_price_is_told_apart(ledger: Ledger) -> None:
    estimated = Charge("m", Usage(3, 4, estimated=True), Cost(5, 0, estimated=True))
    await ledger.settle(entry("1", estimated, charge("new", unpriced=15)))
    total = (await ledger.spending("2026-11")).total
    assert (total.estimated_tokens, total.unpriced_tokens, total.nano_usd) == (7, 15, 5)


async def test_an_answer_that_never_came_has_no_model(ledger: Ledger) -> None:
    await ledger.settle(replace(entry("1"), model="", outcome="failed"))
    spending = await ledger.spending("2026-11")
    assert (spending.total.answers, spending.by_model["m"].answers) == (1, 0)
    assert list(spending.by_model) == ["m"]


async def test_an_entry_counts_once_however_often_it_comes(ledger: Ledger) -> None:
    assert await ledger.settle(entry("1"))
    assert not await ledger.settle(entry("1"))
    assert (await ledger.spending("2026-11")).total.answers == 1


async def test_of_many_at_once_one_counts(connect: Connect) -> None:
    ledgers = [connect() for _ in range(4)]
    settled = await asyncio.gather(*(ledgers[number % 4].settle(entry("1")) for number in range(40)))
    assert settled.count(True) == 1
    assert (await ledgers[0].spending("2026-11")).total.answers == 1


async def test_entries_of_many_instances_at_once_are_all_there(connect: Connect) -> None:
    ledgers = [connect() for _ in range(3)]
    await asyncio.gather(*(ledgers[number % 3].settle(entry(str(number))) for number in range(60)))
    assert (await ledgers[0].spending("2026-11")).total == Totals(60, 600, 300, nano_usd=420)


async def test_a_month_ends_in_utc(ledger: Ledger) -> None:
    seoul = datetime.fromisoformat("2026-12-01T08:59:59+09:00")
    await ledger.settle(entry("1", at=seoul))
    await ledger.settle(entry("2", at=seoul + timedelta(seconds=1)))
    for month in ("2026-11", "2026-12"):
        assert (await ledger.spending(month)).total.answers == 1


@pytest.mark.parametrize("caller", CALLERS)
async def test_any_caller_has_an_account(ledger: Ledger, caller: str) -> None:
    assert (await ledger.reserve(caller, "1", "2026-11", 10, 100)).granted
    assert await ledger.settle(entry("1", caller=caller), reserved_tokens=10)
    assert list((await ledger.spending("2026-11")).by_caller) == [caller]


async def test_the_callers_who_used_most_are_listed(ledger: Ledger) -> None:
    for number in range(TOP_CALLERS + 5):
        await ledger.settle(entry(str(number), charge(read=number), caller=f"key:{number}"))
    listed = list((await ledger.spending("2026-11")).by_caller)
    assert listed == [f"key:{number}" for number in range(TOP_CALLERS + 4, 4, -1)]


async def test_below_the_limit_tokens_are_reserved_and_at_it_they_are_not(ledger: Ledger) -> None:
    first = await ledger.reserve("key:acme", "1", "2026-11", 60, 100)
    second = await ledger.reserve("key:acme", "2", "2026-11", 60, 100)
    third = await ledger.reserve("key:acme", "3", "2026-11", 60, 100)
    assert [(one.granted, one.used_tokens) for one in (first, second, third)] == [(True, 0), (True, 60), (False, 120)]


async def test_what_was_not_used_is_free_again(ledger: Ledger) -> None:
    await ledger.reserve("key:acme", "1", "2026-11", 1_000, 100)
    assert not (await ledger.reserve("key:acme", "2", "2026-11", 1, 100)).granted
    await ledger.settle(entry("1"), reserved_tokens=1_000)
    assert (await ledger.reserve("key:acme", "2", "2026-11", 1, 100)).used_tokens == 15


async def test_an_answer_that_cost_nothing_gives_everything_back(ledger: Ledger) -> None:
    await ledger.reserve("key:acme", "1", "2026-11", 1_000, 100)
    assert await ledger.settle(replace(entry("1"), charges=()), reserved_tokens=1_000)
    assert (await ledger.reserve("key:acme", "2", "2026-11", 1, 100)).used_tokens == 0
    assert (await ledger.spending("2026-11")).total.answers == 0


async def test_budgets_of_callers_and_months_are_their_own(ledger: Ledger) -> None:
    await ledger.reserve("key:acme", "1", "2026-11", 1_000, 100)
    assert (await ledger.reserve("key:acme", "2", "2026-12", 10, 100)).granted
    assert (await ledger.reserve("key:other", "3", "2026-11", 10, 100)).granted


async def test_of_many_who_ask_at_once_only_one_passes_the_limit(connect: Connect) -> None:
    ledgers = [connect() for _ in range(3)]
    await ledgers[0].settle(entry("0", charge(read=950, written=0)))
    asked = await asyncio.gather(
        *(ledgers[number % 3].reserve("key:acme", str(number), "2026-11", 100, 1_000) for number in range(30))
    )
    assert sum(reservation.granted for reservation in asked) == 1


async def test_what_was_reserved_for_a_dead_instance_is_free_after_a_while(ledger: Ledger, clock: Clock) -> None:
    await ledger.reserve("key:acme", "dead", "2026-11", 1_000, 100)
    clock.time += RESERVED_FOR - timedelta(seconds=1)
    assert not (await ledger.reserve("key:acme", "1", "2026-11", 10, 100)).granted
    clock.time += timedelta(seconds=1)
    assert (await ledger.reserve("key:acme", "1", "2026-11", 10, 100)).granted
    assert await ledger.settle(entry("dead"), reserved_tokens=1_000), "late is better than never"
    assert (await ledger.reserve("key:acme", "2", "2026-11", 10, 100)).used_tokens == 10 + 15


async def test_an_answer_that_asks_twice_reserves_once(ledger: Ledger) -> None:
    await ledger.settle(entry("0"))
    first = await ledger.reserve("key:acme", "1", "2026-11", 1_000, 100)
    assert await ledger.reserve("key:acme", "1", "2026-11", 1_000, 100) == first
    await ledger.settle(entry("1"), reserved_tokens=1_000)
    assert (await ledger.reserve("key:acme", "2", "2026-11", 1, 100)).used_tokens == 30


async def test_those_who_ask_at_once_after_an_instance_died_all_find_its_tokens_free(connect: Connect, clock: Clock) -> None:
    ledgers = [connect() for _ in range(3)]
    for number in range(5):
        await ledgers[0].reserve("key:acme", f"dead-{number}", "2026-11", 300, 100_000)
    clock.time += RESERVED_FOR
    asked = await asyncio.gather(
        *(ledgers[number % 3].reserve("key:acme", str(number), "2026-11", 10, 1_000) for number in range(20))
    )
    assert all(reservation.granted for reservation in asked)
    assert (await ledgers[0].reserve("key:acme", "last", "2026-11", 1, 1_000)).used_tokens == 200


async def test_who_was_refused_has_nothing_reserved(ledger: Ledger) -> None:
    await ledger.reserve("key:acme", "1", "2026-11", 100, 100)
    for number in range(3):
        assert not (await ledger.reserve("key:acme", f"refused-{number}", "2026-11", 50, 100)).granted
    assert (await ledger.reserve("key:acme", "2", "2026-11", 1, 1_000)).used_tokens == 100


async def test_who_only_reserved_is_not_listed(ledger: Ledger) -> None:
    await ledger.reserve("key:waiting", "1", "2026-11", 100, 100)
    await ledger.settle(entry("2"))
    assert list((await ledger.spending("2026-11")).by_caller) == ["key:acme"]


async def test_an_answer_that_ends_in_the_next_month_counts_there(ledger: Ledger) -> None:
    await ledger.reserve("key:acme", "1", "2026-11", 1_000, 100)
    december = datetime(2026, 12, 1, tzinfo=UTC)
    assert await ledger.settle(entry("1", at=december), reserved_tokens=1_000)
    assert await ledger.spending("2026-11") == Spending("2026-11")
    assert (await ledger.reserve("key:acme", "2", "2026-12", 1, 100)).used_tokens == 15


async def test_a_month_is_known_for_thirteen_months_and_then_forgotten(ledger: Ledger, clock: Clock) -> None:
    await ledger.settle(entry("1"))
    clock.time = datetime(2026, 12, 31, 23, tzinfo=UTC) + timedelta(days=365)
    assert (await ledger.spending("2026-11")).total.answers == 1
    clock.time = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(days=31) + RETENTION
    assert await ledger.spending("2026-11") == Spending("2026-11")
