"""What is asked for most is known over all instances, for a while, within bounds."""

import pytest

from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from ion_mentoring.caching import popularity as module
from ion_mentoring.caching.memorystore import MemorystoreCache
from ion_mentoring.caching.popularity import DECAYED_AT, GATHERED, HALF_LIFE_S, SENT_EVERY_S, Popularity
from ion_mentoring.caching.progress import Progress
from tests.caching.tiers import far_tier
from tests.fakes import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def far(connection: ValkeyConnection, clock: Clock) -> MemorystoreCache:
    return far_tier(connection, clock)


async def count(popularity: Popularity, **times: int) -> None:
    for key, number in times.items():
        for _ in range(number):
            await popularity.asked(key, lambda key=key: f"sealed {key}")
    await popularity.send()


async def test_all_instances_count_together(far: MemorystoreCache, clock: Clock) -> None:
    one, other = Popularity(far.guard, clock), Popularity(far.guard, clock)
    await count(one, a=3, b=1)
    await count(other, b=3, c=2)
    assert await one.hottest(2) == [("b", "sealed b"), ("a", "sealed a")]
    assert [key for key, _ in await other.hottest(10)] == ["b", "a", "c"]


async def test_a_question_that_is_not_known_is_counted_and_not_asked_again(far: MemorystoreCache, clock: Clock) -> None:
    popularity = Popularity(far.guard, clock)
    await popularity.asked("unknown")
    await count(popularity, known=1)
    assert await popularity.hottest(10) == [("known", "sealed known")]
    await count(popularity, unknown=1)
    assert [key for key, _ in await popularity.hottest(10)] == ["unknown", "known"]


async def test_counts_are_sent_now_and_then(far: MemorystoreCache, clock: Clock) -> None:
    popularity = Popularity(far.guard, clock)
    await popularity.asked("a", lambda: "sealed")
    assert await popularity.hottest(10) == []
    clock.tick(SENT_EVERY_S)
    await popularity.asked("a")
    assert await popularity.hottest(10) == [("a", "sealed")]


async def test_older_counts_count_less_and_are_forgotten_at_last(
    far: MemorystoreCache, clock: Clock, connection: ValkeyConnection
) -> None:
    popularity = Popularity(far.guard, clock)
    await count(popularity, old=4)
    await popularity.decay()
    back = "redis.call('DECRBY', KEYS[1], ARGV[1]) return {1}"
    await connection.evaluate(back, DECAYED_AT, HALF_LIFE_S * 2)
    await popularity.decay()  # to 1
    await count(popularity, new=2)
    assert [key for key, _ in await popularity.hottest(10)] == ["new", "old"]
    await connection.evaluate(back, DECAYED_AT, HALF_LIFE_S * 2)
    await popularity.decay()
    assert [key for key, _ in await popularity.hottest(10)] == ["new"]
    await count(popularity, old=0)
    assert await far.guard.fields(module.QUESTIONS, ["old"]) == [None]


async def test_there_are_bounds_here_and_there(far: MemorystoreCache, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    popularity = Popularity(far.guard, clock)
    await count(popularity, a=5, b=4, c=3, d=2, e=1)
    assert [key for key, _ in await popularity.hottest(10)] == ["a", "b", "c"]
    assert await far.guard.fields(module.QUESTIONS, ["d"]) == [None]
    for number in range(GATHERED + 50):
        await popularity.asked(str(number))
    assert len(popularity._counts) == GATHERED


async def test_without_a_server_nothing_is_counted_and_nobody_notices(clock: Clock) -> None:
    popularity = Popularity(far_tier(ValkeyConnection.to("redis://127.0.0.1:1"), clock).guard, clock)
    for _ in range(5):
        await count(popularity, a=1)
        await popularity.decay()
    assert await popularity.hottest(10) == []


async def test_a_work_goes_on_where_it_was_and_one_at_a_time_is_at_it(far: MemorystoreCache) -> None:
    one, other = Progress(far, "warming"), Progress(far, "warming")
    assert await one.of("all") == 0
    await one.note("all", 40)
    assert (await other.of("all"), await other.of("popular")) == (40, 0)
    async with one.exclusive() as first:
        async with other.exclusive() as second:
            assert (first, second) == (True, False)
        async with Progress(far, "another").exclusive() as third:
            assert third
    async with other.exclusive() as again:
        assert again
