"""A stream on record is taken up again where it was lost, by its owner, from any instance."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count

import pytest

from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from ion_mentoring.caching.entry import Entry
from ion_mentoring.caching.journal import Journal, Journals
from ion_mentoring.caching.local import LocalCache
from ion_mentoring.caching.memorystore import MemorystoreCache
from ion_mentoring.handlers.web import recording
from ion_mentoring.handlers.web.event_stream import Event, Events
from ion_mentoring.handlers.web.recording import Recorder
from ion_mentoring.sealing.keys import CacheKeys
from tests.caching.tiers import far_tier
from tests.fakes import Clock

KEYS = CacheKeys(b"secret")
ROUTING, DELTA, DONE = Event("routing", {"a": 1}), Event("delta", {"text": "b"}), Event("done", {"c": 3})


@pytest.fixture
def clock() -> Clock:
    return Clock()


def recorder(clock: Clock, far: MemorystoreCache | None = None) -> Recorder:
    near: LocalCache[Journal] = LocalCache(max_bytes=1_000_000, max_entries=100, now=clock)
    numbers = count(1)
    return Recorder(Journals(near, far, clock), KEYS, lambda: f"stream{next(numbers)}", clock)


@pytest.fixture
async def far(clock: Clock, valkey_port: int) -> AsyncIterator[MemorystoreCache]:
    connection = ValkeyConnection.to(f"redis://127.0.0.1:{valkey_port}", timeout_s=2)
    yield far_tier(connection, clock)
    await connection.close()


async def events(*made: Event, ticking: Clock | None = None, then: asyncio.Event | None = None) -> Events:
    for event in made:
        if ticking:
            ticking.tick(1)
        yield event
    if then:
        await then.wait()
        yield DONE


async def sent(stream: Events) -> list[Event]:
    return [event async for event in stream]


def told(got: list[Event]) -> list[tuple[str, bytes]]:
    return [(event.name, event.json()) for event in got]


async def test_events_are_numbered_as_they_are_sent(clock: Clock) -> None:
    got = await sent(recorder(clock).recorded(events(ROUTING, DELTA, DONE), "me"))
    assert [event.id for event in got] == ["stream1.1", "stream1.2", "stream1.3"]
    assert told(got) == told([ROUTING, DELTA, DONE])


@pytest.mark.parametrize("seen", [0, 1, 2, 3])
async def test_the_rest_is_what_comes_after_the_last_event_seen(clock: Clock, seen: int) -> None:
    recorded = recorder(clock)
    got = await sent(recorded.recorded(events(ROUTING, DELTA, DONE), "me"))
    assert await sent(recorded.rest(f"stream1.{seen}", "me")) == [Event(e.name, e.json(), e.id) for e in got[seen:]]


@pytest.mark.parametrize("last", ["stream1.1", "stream2.1", "stream1", "stream1.x", "stream1.99999999", ".1", "1", "", "…"])
async def test_nothing_is_given_to_another_or_for_an_unknown_id(clock: Clock, last: str) -> None:
    recorded = recorder(clock)
    await sent(recorded.recorded(events(ROUTING, DONE), "me"))
    assert await sent(recorded.rest(last, "somebody else")) == []
    if last != "stream1.1":
        assert await sent(recorded.rest(last, "me")) == []


async def test_after_a_few_minutes_it_is_forgotten(clock: Clock) -> None:
    recorded = recorder(clock)
    await sent(recorded.recorded(events(ROUTING, DONE), "me"))
    clock.tick(301)
    assert await sent(recorded.rest("stream1.0", "me")) == []


async def test_a_stream_that_was_left_does_not_go_on(clock: Clock) -> None:
    recorded = recorder(clock)
    left = recorded.recorded(events(ROUTING, DELTA, then=asyncio.Event()), "me")
    await anext(left)
    await anext(left)
    await left.aclose()
    assert told(await sent(recorded.rest("stream1.0", "me"))) == told([ROUTING, DELTA])


async def test_a_stream_goes_on_for_whoever_came_back_before_its_first_client_was_found_to_be_gone(clock: Clock) -> None:
    recorded, go = recorder(clock), asyncio.Event()
    first = recorded.recorded(events(ROUTING, DELTA, then=go), "me")
    await anext(first)
    second = recorded.rest("stream1.1", "me")
    assert told([await anext(second)]) == told([DELTA])
    await first.aclose()
    go.set()
    assert told(await sent(second)) == told([DONE])
    assert told(await sent(recorded.rest("stream1.2", "me"))) == told([DONE]), "it is on record as one that has ended"


async def test_a_stream_that_still_runs_is_nobody_elses(clock: Clock) -> None:
    recorded = recorder(clock)
    first = recorded.recorded(events(ROUTING, DELTA, then=asyncio.Event()), "me")
    await anext(first)
    assert await sent(recorded.rest("stream1.0", "somebody else")) == []
    await first.aclose()


async def test_the_last_of_those_who_follow_a_stream_ends_it(clock: Clock) -> None:
    closed: list[bool] = []

    async def endless() -> Events:
        try:
            yield ROUTING
            await asyncio.Event().wait()
        finally:
            closed.append(True)

    recorded = recorder(clock)
    first = recorded.recorded(endless(), "me")
    await anext(first)
    second = recorded.rest("stream1.0", "me")
    await anext(second)
    await first.aclose()
    assert not closed
    await second.aclose()
    assert closed


async def test_another_instance_follows_a_stream_that_still_runs(
    clock: Clock, far: MemorystoreCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "LOOKS_EVERY_S", 0.01)
    here, there = recorder(clock, far), recorder(clock, far)
    go = asyncio.Event()
    running = here.recorded(events(ROUTING, DELTA, ticking=clock, then=go), "me")
    first = [await anext(running), await anext(running)]
    following = asyncio.create_task(sent(there.rest(first[0].id, "me")))
    await asyncio.sleep(0.05)
    assert not following.done()
    go.set()
    rest = await sent(running)
    assert told(await asyncio.wait_for(following, 2)) == told([DELTA, *rest])


async def test_a_stream_whose_instance_died_is_not_waited_for_for_ever(
    clock: Clock, far: MemorystoreCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "LOOKS_EVERY_S", 0.01)
    here, there = recorder(clock, far), recorder(clock, far)
    running = here.recorded(events(ROUTING, DELTA, ticking=clock, then=asyncio.Event()), "me")
    await anext(running)
    await anext(running)
    following = asyncio.create_task(sent(there.rest("stream1.0", "me")))
    await asyncio.sleep(0.05)
    clock.tick(recording.SILENT_S + 1)
    assert told(await asyncio.wait_for(following, 2)) == told([ROUTING, DELTA])
    await running.aclose()


async def test_with_l2_away_a_stream_goes_on_all_the_same(clock: Clock) -> None:
    away = far_tier(ValkeyConnection.to("redis://127.0.0.1:1"), clock)
    assert len(await sent(recorder(clock, away).recorded(events(ROUTING, DONE), "me"))) == 2


async def test_what_stands_in_l2_and_is_no_journal_is_none(clock: Clock, far: MemorystoreCache) -> None:
    await far.put(KEYS.key(stream="garbled"), Entry(b"not a journal", clock() + 60, clock() + 60))
    assert await sent(recorder(clock, far).rest("garbled.0", "me")) == []
