"""A store that does not answer costs little, is left alone, and is found again."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import pytest

from ion_mentoring.backends.guard import FAILURES, REST_S, Guards
from ion_mentoring.errors import StoreRefused, StoreUnavailable
from ion_mentoring.records.batches.guarded_results import GuardedBatchResults
from ion_mentoring.records.batches.results import ItemResult
from ion_mentoring.records.conversations.guarded import GuardedConversations
from ion_mentoring.records.conversations.protocol import ConversationId
from ion_mentoring.records.conversations.stored import Place, StoredTurn
from ion_mentoring.records.ledger.guarded import GuardedLedger
from ion_mentoring.records.ledger.protocol import Entry
from ion_mentoring.records.user_keys.guarded import GuardedKeyStore
from ion_mentoring.records.user_keys.protocol import PeriodKey, WrappedKeys
from ion_mentoring.resilience.deadline import CURRENT, Deadline
from ion_mentoring.wiring.stores import stores
from tests.fakes import Clock

SOON_S = 0.01
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
HERE = ConversationId("ada", "s-1")
RESULT = ItemResult("b-1", "1", "failed", None, "why", NOON)
ENTRY = Entry("e-1", NOON, "key:acme", "lua", "m", (), "whole")


async def never() -> None:
    await asyncio.Event().wait()


async def at_once() -> str:
    return "answer"


def raising(error: Exception) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        raise error

    return work


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guards(clock: Clock) -> Guards:
    return Guards.on(clock)


async def failing(guards: Guards, work: Callable[[], Awaitable[object]], times: int) -> None:
    for _ in range(times):
        with pytest.raises(StoreUnavailable):
            await guards.reading(work, SOON_S)


@pytest.mark.parametrize("work", [never, raising(StoreUnavailable("down"))], ids=["silent", "down"])
async def test_after_some_failures_a_store_is_left_alone_and_says_when_to_come_back(
    guards: Guards, clock: Clock, work: Callable[[], Awaitable[object]]
) -> None:
    await failing(guards, work, FAILURES)
    with pytest.raises(StoreUnavailable, match="left alone") as caught:
        await guards.reading(at_once, SOON_S)
    assert caught.value.retry_after_s == REST_S


async def test_after_the_rest_one_call_finds_out(guards: Guards, clock: Clock) -> None:
    await failing(guards, never, FAILURES)
    clock.tick(REST_S)
    await failing(guards, never, 1)
    await failing(guards, at_once, 1)
    clock.tick(REST_S)
    for _ in range(2):
        assert await guards.reading(at_once, SOON_S) == "answer"


async def test_reads_go_on_while_writes_fail(guards: Guards) -> None:
    for _ in range(FAILURES + 1):
        with pytest.raises(StoreUnavailable):
            await guards.writing(never, SOON_S)
        assert await guards.reading(at_once, SOON_S) == "answer"


async def test_what_a_store_refuses_is_no_failure_of_the_store(guards: Guards) -> None:
    for _ in range(FAILURES + 1):
        with pytest.raises(StoreRefused):
            await guards.reading(raising(StoreRefused("too large")), SOON_S)
    assert await guards.reading(at_once, SOON_S) == "answer"


async def test_a_request_whose_time_is_over_says_nothing_of_the_store(guards: Guards) -> None:
    token = CURRENT.set(Deadline.after(0.001))
    await failing(guards, never, FAILURES + 1)
    CURRENT.reset(token)
    assert await guards.reading(at_once, 60) == "answer"


async def test_a_caller_who_leaves_says_nothing_of_the_store(guards: Guards) -> None:
    for _ in range(FAILURES + 1):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(SOON_S):
                await guards.reading(never, 60)
    assert await guards.reading(at_once, 60) == "answer"


async def test_a_frozen_firestore_costs_an_answer_a_second_for_its_memory_at_most_and_soon_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{server.getsockname()[1]}")
        conversations = stores("firestore://test-frozen").conversations
        took: list[float] = []
        for _ in range(FAILURES + 2):
            began = asyncio.get_running_loop().time()
            with pytest.raises(StoreUnavailable):
                await conversations.recent(HERE, 20)
            took.append(asyncio.get_running_loop().time() - began)
        assert max(took) < 1.5
        assert max(took[FAILURES:]) < 0.1


Kept = Callable[[Guards], Sequence[Callable[[], Awaitable[object]]]]


class Silent:
    """A store of any kind that never answers."""

    def __getattr__(self, name: str) -> Callable[..., Awaitable[None]]:
        async def silent(*_: object, **__: object) -> None:
            await never()

        return silent


def conversations(guards: Guards) -> Sequence[Callable[[], Awaitable[object]]]:
    guarded = GuardedConversations(Silent(), guards)
    place = Place("turns", "owner", "listed", "label")
    turn = (StoredTurn("e-1", 0, "user", "hello", NOON),)
    return [
        lambda: guarded.recent("turns", 1),
        lambda: guarded.append(place, turn),
        lambda: guarded.entry("turns", "e-1"),
        lambda: guarded.sessions("owner", 1),
        lambda: guarded.erase(place),
    ]


def user_keys(guards: Guards) -> Sequence[Callable[[], Awaitable[object]]]:
    guarded = GuardedKeyStore(Silent(), guards)
    keys = WrappedKeys("aa", "2026-W01", b"w")
    period = PeriodKey("2026-W01", b"w", NOON)
    return [
        guarded.periods,
        lambda: guarded.add_period(period),
        lambda: guarded.replace_period(period),
        lambda: guarded.drop_period("2026-W01"),
        lambda: guarded.found(["aa"]),
        lambda: guarded.add([keys]),
        lambda: guarded.replace(keys, keys),
        lambda: guarded.drop("aa"),
        lambda: guarded.page("", 1),
        guarded.counts,
        lambda: guarded.flag("step"),
        lambda: guarded.raise_flag("step"),
    ]


def results(guards: Guards) -> Sequence[Callable[[], Awaitable[object]]]:
    guarded = GuardedBatchResults(Silent(), guards)
    return [lambda: guarded.found("b-1", ["1"]), lambda: guarded.store(RESULT), lambda: guarded.of("b-1")]


def ledger(guards: Guards) -> Sequence[Callable[[], Awaitable[object]]]:
    guarded = GuardedLedger(Silent(), guards)
    return [
        lambda: guarded.reserve("key:acme", "e-1", "2026-01", 10, 100),
        lambda: guarded.settle(ENTRY),
        lambda: guarded.spending("2026-01"),
    ]


@pytest.mark.parametrize("kept", [conversations, user_keys, results, ledger])
async def test_of_a_store_that_is_left_alone_every_call_fails_at_once_and_loudly(kept: Kept, guards: Guards) -> None:
    for breaker in (guards.reading.breaker, guards.writing.breaker):
        for _ in range(FAILURES):
            breaker.failed()
    for call in kept(guards):
        with pytest.raises(StoreUnavailable, match="left alone"):
            async with asyncio.timeout(0.5):
                await call()


@pytest.mark.parametrize("kept", [conversations, user_keys, results, ledger])
async def test_a_silent_store_fails_within_the_time_of_its_kind(kept: Kept, guards: Guards) -> None:
    token = CURRENT.set(Deadline.after(0.05))
    for call in kept(guards):
        with pytest.raises(StoreUnavailable, match="too late"):
            await call()
    CURRENT.reset(token)
