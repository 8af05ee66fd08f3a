"""Reads of one tick share a round trip, and each reader gets its own values or its failure."""

import asyncio
from collections.abc import Sequence

import pytest

from ion_mentoring.caching.reads import KEYS, UNDER_WAY, SharedReads, Values
from ion_mentoring.errors import CacheUnavailable


class Server:
    """Answers each key with its own name, when it is told to."""

    def __init__(self) -> None:
        self.trips: list[list[str]] = []
        self.answers = asyncio.Event()
        self.answers.set()
        self.failure: Exception | None = None

    async def get_many(self, keys: Sequence[str]) -> Values:
        self.trips.append(list(keys))
        await self.answers.wait()
        if self.failure:
            raise self.failure
        return [key.encode() if key != "none" else None for key in keys]


@pytest.fixture
def server() -> Server:
    return Server()


async def test_readers_of_one_tick_travel_together_and_no_key_twice(server: Server) -> None:
    reads = SharedReads(server.get_many)
    assert await asyncio.gather(reads.read("e", "a"), reads.read("e", "b"), reads.read("e"), reads.read("none")) == [
        [b"e", b"a"],
        [b"e", b"b"],
        [b"e"],
        [None],
    ]
    assert server.trips == [["e", "a", "b", "none"]]
    assert reads.round_trips == 1


async def test_later_ones_wait_while_enough_are_under_way_and_then_travel_together(server: Server) -> None:
    reads = SharedReads(server.get_many)
    server.answers.clear()
    asked = []
    for number in range(10):
        asked.append(reads.read(str(number)))
        await asyncio.sleep(0.001)
    assert len(server.trips) == UNDER_WAY
    server.answers.set()
    assert await asyncio.gather(*asked) == [[str(number).encode()] for number in range(10)]
    assert server.trips[UNDER_WAY] == [str(number) for number in range(UNDER_WAY, 10)]


async def test_a_failure_reaches_everybody_of_its_trip_and_nobody_else(server: Server) -> None:
    reads = SharedReads(server.get_many)
    server.failure = CacheUnavailable("away")
    outcomes = await asyncio.gather(reads.read("a"), reads.read("b"), return_exceptions=True)
    assert all(isinstance(outcome, CacheUnavailable) for outcome in outcomes)
    server.failure = None
    assert await reads.read("a") == [b"a"]


async def test_a_failure_reaches_those_who_wait_for_the_next_trip_too(server: Server) -> None:
    reads = SharedReads(server.get_many)
    server.answers.clear()
    asked = []
    for number in range(UNDER_WAY + 5):
        asked.append(reads.read(str(number)))
        await asyncio.sleep(0.001)
    server.failure = CacheUnavailable("away")
    server.answers.set()
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert all(isinstance(outcome, CacheUnavailable) for outcome in outcomes)
    assert len(server.trips) == UNDER_WAY


async def test_who_leaves_harms_nobody_and_is_not_read_for(server: Server) -> None:
    reads = SharedReads(server.get_many)
    left, stayed = reads.read("left"), reads.read("stayed")
    left.cancel()
    assert await stayed == [b"stayed"]
    assert server.trips == [["stayed"]]
    gone = reads.read("gone")
    gone.cancel()
    await asyncio.sleep(0.001)
    assert len(server.trips) == 1


async def test_who_leaves_on_the_way_harms_nobody(server: Server) -> None:
    reads = SharedReads(server.get_many)
    for failure in (None, CacheUnavailable("away")):
        server.failure = failure
        server.answers.clear()
        left, stayed = reads.read("left"), reads.read("stayed")
        await asyncio.sleep(0.001)
        left.cancel()
        server.answers.set()
        (outcome,) = await asyncio.gather(stayed, return_exceptions=True)
        assert outcome == [b"stayed"] or isinstance(outcome, CacheUnavailable)


async def test_a_trip_is_never_too_long(server: Server) -> None:
    reads = SharedReads(server.get_many)
    await asyncio.gather(*(reads.read(f"{number}-{key}") for number in range(3) for key in range(KEYS - 100)))
    assert len(server.trips) == 3
    assert max(map(len, server.trips)) <= KEYS


async def test_nobody_waits_for_ever_for_a_trip_that_was_cut_short(server: Server) -> None:
    reads = SharedReads(server.get_many)
    server.answers.clear()
    asked = reads.read("a")
    await asyncio.sleep(0.001)
    (trip,) = reads._trips
    trip.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
