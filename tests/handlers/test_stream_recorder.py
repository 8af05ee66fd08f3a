"""A stream on record is taken up again where it was lost, by its owner, from any instance."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count

import pytest

from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from ion_mentoring.caching.entry import Entry
from ion_mentoring.caching.local import LocalCache
from ion_mentoring.caching.memorystore import MemorystoreCache
from ion_mentoring.caching.stream_logs import StreamLog, StreamLogs
from ion_mentoring.handlers.web import stream_recorder
from ion_mentoring.handlers.web.event_stream import Emit, Event, EventRun, Events
from ion_mentoring.handlers.web.stream_recorder import StreamRecorder, Work
from ion_mentoring.sealing.keys import CacheKeys
from tests.caching.tiers import far_tier
from tests.fakes import Clock

KEYS = CacheKeys(b"secret")
ROUTING, DELTA, DONE = Event("routing", {"a": 1}), Event("delta", {"text": "b"}), Event("done", {"c": 3})


@pytest.fixture
def clock() -> Clock:
    return Clock()


def recorder(clock: Clock, far: MemorystoreCache | None = None) -> StreamRecorder:
    near: LocalCache[StreamLog] = LocalCache(max_bytes=1_000_000, max_entries=100, now=clock)
    numbers = count(1)
    return StreamRecorder(StreamLogs(near, far, clock), KEYS, lambda: f"stream{next(numbers)}", clock)


@pytest.fixture
async def far(clock: Clock, valkey_port: int) -> AsyncIterator[MemorystoreCache]:
    connection = ValkeyConnection.to(f"redis://127.0.0.1:{valkey_port}", timeout_s=2)
    yield far_tier(connection, clock)
    await connection.close()


def says(*made: Event, then: asyncio.Event | None = None, closed: list[bool] | None = None) -> Work:
    """Work that emits events, and after `then` its last one."""

    async def work(emit: Emit) -> Event:
        try:
            for event in made:
                emit(event)
            if then:
                await then.wait()
            return DONE
        finally:
            if closed is not None:
                closed.append(True)

    return work


def record(recorder: StreamRecorder, work: Work, owner: str = "me") -> EventRun:
    return recorder.record(work, owner, lambda bounded: bounded)


async def sent(events: Events | None) -> list[Event]:
    """All events to the end."""
    assert events is not None
    got: list[Event] = []
    while not events.over:
        got.extend(events.take())
        await events.moves()
    await events.leave()
    return got


async def some(events: Events | None) -> list[Event]:
    """What comes first."""
    assert events is not None
    await events.moves()
    return list(events.take())


async def rest(recorder: StreamRecorder, last: str, owner: str = "me") -> tuple[list[Event], bool]:
    """What another instance can tell of a stream, and whether it came to its end."""
    got: list[Event] = []
    ended = await recorder.rest(last, owner, got.append)
    return got, ended


def told(got: list[Event]) -> list[tuple[str, bytes]]:
    return [(event.name, event.json()) for event in got]


async def test_events_are_numbered_as_they_are_sent(clock: Clock) -> None:
    got = await sent(record(recorder(clock), says(ROUTING, DELTA)).follow())
    assert [event.id for event in got] == ["stream1.1", "stream1.2", "stream1.3"]
    assert told(got) == told([ROUTING, DELTA, DONE])


async def test_what_is_private_passes_without_a_record(clock: Clock) -> None:
    recorded = recorder(clock)
    got = await sent(record(recorded, says(ROUTING, Event("delta", {}, private=True))).follow())
    assert [event.id for event in got] == ["stream1.1", "", ""]
    assert await rest(recorded, "stream1.0") == ([], False)


@pytest.mark.parametrize("seen", [0, 1, 2, 3])
async def test_the_rest_is_what_comes_after_the_last_event_seen(clock: Clock, seen: int) -> None:
    recorded = recorder(clock)
    got = await sent(record(recorded, says(ROUTING, DELTA)).follow())
    assert await rest(recorded, f"stream1.{seen}") == ([Event(e.name, e.json(), e.id) for e in got[seen:]], True)


@pytest.mark.parametrize("last", ["stream1.1", "stream2.1", "stream1", "stream1.x", "stream1.99999999", ".1", "1", "", "…"])
async def test_nothing_is_given_to_another_or_for_an_unknown_id(clock: Clock, last: str) -> None:
    recorded = recorder(clock)
    await sent(record(recorded, says(ROUTING)).follow())
    assert await rest(recorded, last, "somebody else") == ([], False)
    if last not in ("stream1.1", "stream1.99999999"):
        assert await rest(recorded, last) == ([], False)


async def test_after_a_few_minutes_it_is_forgotten(clock: Clock) -> None:
    recorded = recorder(clock)
    await sent(record(recorded, says(ROUTING)).follow())
    clock.tick(301)
    assert await rest(recorded, "stream1.0") == ([], False)


async def test_a_stream_that_was_left_does_not_go_on(clock: Clock) -> None:
    recorded = recorder(clock)
    left = record(recorded, says(ROUTING, DELTA, then=asyncio.Event())).follow()
    await some(left)
    await left.leave()
    got, ended = await rest(recorded, "stream1.0")
    assert (told(got), ended) == (told([ROUTING, DELTA]), False)
    assert recorded.under_way("stream1.0", "me") is None


async def test_a_stream_goes_on_for_whoever_came_back_before_its_first_client_was_found_to_be_gone(clock: Clock) -> None:
    recorded, go = recorder(clock), asyncio.Event()
    first = record(recorded, says(ROUTING, DELTA, then=go)).follow()
    await some(first)
    second = recorded.under_way("stream1.1", "me")
    assert told(await some(second)) == told([DELTA])
    await first.leave()
    go.set()
    assert told(await sent(second)) == told([DONE])
    got, ended = await rest(recorded, "stream1.2")
    assert (told(got), ended) == (told([DONE]), True), "it is on record as one that has ended"


async def test_a_stream_that_still_runs_is_nobody_elses(clock: Clock) -> None:
    recorded = recorder(clock)
    first = record(recorded, says(ROUTING, DELTA, then=asyncio.Event())).follow()
    await some(first)
    assert recorded.under_way("stream1.0", "somebody else") is None
    assert await rest(recorded, "stream1.0", "somebody else") == ([], False)
    await first.leave()


async def test_the_last_of_those_who_follow_a_stream_ends_it(clock: Clock) -> None:
    closed: list[bool] = []
    recorded = recorder(clock)
    first = record(recorded, says(ROUTING, then=asyncio.Event(), closed=closed)).follow()
    await some(first)
    second = recorded.under_way("stream1.0", "me")
    await some(second)
    await first.leave()
    assert not closed
    await second.leave()  # type: ignore[union-attr]
    assert closed


async def test_another_instance_follows_a_stream_that_still_runs(
    clock: Clock, far: MemorystoreCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_recorder, "LOOKS_EVERY_S", 0.01)
    monkeypatch.setattr(stream_recorder, "WRITES_EVERY_S", 0.01)
    here, there = recorder(clock, far), recorder(clock, far)
    go = asyncio.Event()
    running = record(here, says(ROUTING, DELTA, then=go)).follow()
    (first, _) = await some(running)
    await asyncio.sleep(0.05)
    following = asyncio.create_task(rest(there, first.id))
    await asyncio.sleep(0.05)
    assert not following.done()
    go.set()
    last = await sent(running)
    got, ended = await asyncio.wait_for(following, 2)
    assert (told(got), ended) == (told([DELTA, *last]), True)


async def test_a_stream_whose_instance_died_is_not_waited_for_for_ever(
    clock: Clock, far: MemorystoreCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_recorder, "LOOKS_EVERY_S", 0.01)
    monkeypatch.setattr(stream_recorder, "WRITES_EVERY_S", 0.01)
    here, there = recorder(clock, far), recorder(clock, far)
    running = record(here, says(ROUTING, DELTA, then=asyncio.Event())).follow()
    await some(running)
    await asyncio.sleep(0.05)
    following = asyncio.create_task(rest(there, "stream1.0"))
    await asyncio.sleep(0.05)
    clock.tick(stream_recorder.SILENT_S + 1)
    got, ended = await asyncio.wait_for(following, 2)
    assert (told(got), ended) == (told([ROUTING, DELTA]), False)
    await running.leave()


async def test_with_l2_away_a_stream_goes_on_all_the_same(clock: Clock) -> None:
    away = far_tier(ValkeyConnection.to("redis://127.0.0.1:1"), clock)
    assert len(await sent(record(recorder(clock, away), says(ROUTING)).follow())) == 2


async def test_what_stands_in_l2_and_is_no_log_is_none(clock: Clock, far: MemorystoreCache) -> None:
    await far.put(KEYS.key(stream="garbled"), Entry(b"not a log", clock() + 60, clock() + 60))
    assert await rest(recorder(clock, far), "garbled.0") == ([], False)
