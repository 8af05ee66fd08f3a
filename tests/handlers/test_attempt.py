"""An attempt at a request under its key: alone with it while it lives, and followed by the next one when it does not."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from ion_mentoring.caching.envelope import Envelopes
from ion_mentoring.errors import Conflict, InProgress, StoreUnavailable
from ion_mentoring.handlers.web.attempt import Attempt, Kept
from ion_mentoring.handlers.web.idempotency import HELD, Idempotency, KeyedRequest
from ion_mentoring.records.idempotency.key import IdempotencyKey
from ion_mentoring.records.idempotency.protocol import Claim, Record, Records
from ion_mentoring.records.idempotency.sqlite import SqliteRecords
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.telemetry.ids import drawn
from ion_mentoring.wiring.stores import sqlite_database

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass
class Clock:
    time: datetime = NOON

    def __call__(self) -> datetime:
        return self.time

    def tick(self, by: timedelta) -> None:
        self.time += by


@dataclass
class Watched:
    """Records that tell of each update, and can be away."""

    records: Records
    away: bool = False
    another: asyncio.Event = field(default_factory=asyncio.Event)

    async def claim(self, name: str, wanted: Record) -> Claim | Record:
        return await self.records.claim(name, wanted)

    async def update(self, claim: Claim, record: Record) -> Claim | None:
        self.another.set()
        if self.away:
            raise StoreUnavailable("away")
        return await self.records.update(claim, record)

    async def updated(self, times: int) -> None:
        """Waits for so many updates more."""
        async with asyncio.timeout(10):
            for _ in range(times):
                self.another.clear()
                await self.another.wait()


Try = Callable[..., Kept]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def records(clock: Clock) -> AsyncIterator[Watched]:
    database = sqlite_database(":memory:")
    yield Watched(SqliteRecords(database, clock))
    await database.close()


@pytest.fixture
def lines() -> list[str]:
    return []


async def nobody(_call: Any = None) -> float:
    """Nobody was ever erased."""
    return 0.0


@pytest.fixture
def attempt(records: Watched, clock: Clock, lines: list[str]) -> Try:
    idempotency = Idempotency(records, Envelopes, EventLog("test", write=lines.append), clock, lambda: drawn(128), nobody)

    def make(body: bytes = b"body", holds_every_s: float = 60) -> Kept:
        key = partial(IdempotencyKey.of, key="k", request=body)
        return Kept(KeyedRequest(idempotency, key, "me", key("me"), nobody), holds_every_s=holds_every_s)

    return make


async def answered(attempt: Kept, answer: bytes) -> bytes:
    """The answer of an attempt that has one."""
    async with attempt:
        if attempt.answered is None:
            await attempt.keep(answer)
            return answer
        return attempt.answered


async def test_an_attempt_without_a_key_keeps_nothing() -> None:
    async with Attempt() as attempt:
        assert (attempt.entry, attempt.answered) == (None, None)
        await attempt.keep(b"answer")


async def test_the_first_answer_is_the_answer(attempt: Try) -> None:
    assert await answered(attempt(), b"first") == b"first"
    assert await answered(attempt(), b"second") == b"first"


async def test_while_one_is_at_it_the_next_is_told_to_come_back(attempt: Try, clock: Clock) -> None:
    async with attempt():
        clock.tick(HELD - timedelta(microseconds=1))
        with pytest.raises(InProgress) as told:
            await attempt().__aenter__()
        with pytest.raises(Conflict):
            await attempt(b"another body").__aenter__()
    assert told.value.retry_after_s


async def test_who_takes_longer_holds_it_as_long_as_it_takes(attempt: Try, records: Watched, clock: Clock) -> None:
    async with attempt(holds_every_s=0.01) as slow:
        for _ in range(3):
            clock.tick(HELD - timedelta(seconds=1))
            await records.updated(2)  # the second began after the tick
            with pytest.raises(InProgress):
                await attempt().__aenter__()
        await slow.keep(b"late")
    assert await answered(attempt(), b"second") == b"late"


async def test_a_process_that_dies_is_followed_by_the_next_attempt_under_the_same_entry(attempt: Try, clock: Clock) -> None:
    dead = await attempt().__aenter__()
    clock.tick(HELD)
    async with attempt() as second:
        assert second.entry == dead.entry
        await second.keep(b"answer")
    await dead.keep(b"from beyond")
    assert await answered(attempt(), b"third") == b"answer"


@pytest.mark.parametrize("ending", [ValueError, asyncio.CancelledError])
async def test_an_attempt_without_an_answer_lets_the_next_one_try_at_once(attempt: Try, ending: type[BaseException]) -> None:
    entries = set()
    with suppress(ending):
        async with attempt() as failed:
            entries.add(failed.entry)
            raise ending
    async with attempt() as second:
        assert {second.entry} == entries
        assert second.answered is None


async def test_what_was_cut_off_while_it_kept_its_answer_does_not_hold_the_next_one_up(
    attempt: Try, records: Watched, clock: Clock
) -> None:
    async def cut() -> None:
        async with attempt(holds_every_s=0.001) as one:
            await records.updated(1)
            await one.keep(b"answer")

    task = asyncio.create_task(cut())
    await records.updated(1)
    task.cancel()
    await asyncio.wait((task,))
    assert await answered(attempt(), b"second") in (b"answer", b"second")


async def test_what_cannot_be_kept_is_answered_all_the_same_and_then_anew(
    attempt: Try, records: Watched, clock: Clock, lines: list[str]
) -> None:
    records.away = True
    assert await answered(attempt(), b"first") == b"first"
    assert [line for line in lines if "answer_not_kept" in line]
    records.away = False
    clock.tick(HELD)
    assert await answered(attempt(), b"second") == b"second"


async def test_a_store_that_is_away_for_a_moment_does_not_end_the_holding(attempt: Try, records: Watched, clock: Clock) -> None:
    async with attempt(holds_every_s=0.01) as one:
        records.away = True
        await records.updated(2)
        records.away = False
        clock.tick(HELD - timedelta(seconds=1))
        await records.updated(2)
        clock.tick(timedelta(seconds=2))
        with pytest.raises(InProgress):
            await attempt().__aenter__()
        await one.keep(b"answer")


async def test_who_has_lost_its_claim_stops_holding_it(attempt: Try, records: Watched, clock: Clock) -> None:
    lost = await attempt(holds_every_s=0.01).__aenter__()
    claim = lost._claim
    assert claim
    async with asyncio.timeout(10):
        while not await records.records.update(claim, replace(claim.record, answer=b"another's")):
            claim = lost._claim or claim
    await asyncio.wait((lost._holding,), timeout=10)
    assert lost._holding.done()
    await lost.keep(b"mine")
    await lost.__aexit__(None, None, None)


async def test_an_answer_that_fits_is_kept_and_one_beyond_is_answered_anew(attempt: Try, lines: list[str]) -> None:
    long = b"word " * 1_000_000
    assert await answered(attempt(), long) == await answered(attempt(), b"second") == long
    assert not lines[1:]


async def test_an_answer_that_does_not_fit_is_answered_anew_at_once(attempt: Try, lines: list[str]) -> None:
    await answered(attempt(), os.urandom(1_000_000))
    assert await answered(attempt(), b"second") == b"second"
    assert [line for line in lines if "answer_not_kept" in line]


async def test_a_kept_answer_that_was_changed_in_the_store_is_none(attempt: Try, records: Watched) -> None:
    first = attempt()
    async with first:
        claim = first._claim
        assert claim
        await records.records.update(claim, replace(claim.record, answer=b"x" * 100))
    with pytest.raises(StoreUnavailable):
        await attempt().__aenter__()
