"""Two tiers are one cache that never fails: near first, then far, and nothing lives longer than it was meant to."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from ion_mentoring.caching.entry import CacheScope
from ion_mentoring.caching.fill_once import FillOnce
from ion_mentoring.caching.freshness import Hit
from ion_mentoring.caching.renewing import Renewing
from ion_mentoring.caching.two_tier import TwoTierCache
from ion_mentoring.errors import CacheUnavailable
from tests.caching.tiers import ANYBODYS, REST_S, TIMES, UNVERIFIED_S, instance_of, make
from tests.fakes import Clock

Connect = Callable[..., ValkeyConnection]
Breakable = Callable[..., Any]
Instance = Callable[..., TwoTierCache[str]]

TIMEOUT_S = 0.1
ELROS = CacheScope("elro:ko:calm-medium-learning")
ANNS = CacheScope("lua:ko:calm-medium-learning:ann", "ann")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def instance(connection: ValkeyConnection, clock: Clock) -> Instance:
    """Makes the cache of another instance over the same server."""

    def made(over: ValkeyConnection | None = connection, **options: Any) -> TwoTierCache[str]:
        return instance_of(over, clock, **options)

    return made


async def get(cache: TwoTierCache[str], key: str = "k", scope: CacheScope = ANYBODYS) -> Hit[str] | None:
    return await cache.get(key, scope)


async def test_what_was_made_is_near(instance: Instance) -> None:
    cache = instance()
    assert await get(cache) is None
    assert await make(cache, "k", "안녕하세요")
    assert await get(cache) == Hit("안녕하세요", "L1")
    assert cache.look("k", ANYBODYS) == Hit("안녕하세요", "L1")


async def test_what_another_instance_made_is_far_once_and_then_near(instance: Instance) -> None:
    await make(instance(), "k", "value")
    cache = instance()
    assert [await get(cache) for _ in range(2)] == [Hit("value", "L2"), Hit("value", "L1")]


async def test_a_falsy_value_is_a_hit_in_both_tiers(instance: Instance) -> None:
    await make(instance(), "k", "")
    cache = instance()
    assert [await get(cache) for _ in range(2)] == [Hit("", "L2"), Hit("", "L1")]


async def test_a_copy_brought_near_ends_when_its_original_does(instance: Instance, clock: Clock) -> None:
    await make(instance(), "k", "value")
    clock.tick(TIMES.hard_s - 1)
    cache = instance()
    assert await get(cache) == Hit("value", "L2", stale=True, due=True)
    clock.tick(0.9)
    assert await get(cache) == Hit("value", "L1", stale=True, due=True)
    clock.tick(0.1)
    assert await get(cache) is None


@pytest.mark.parametrize("over_l2", [True, False])
async def test_past_its_soft_end_it_serves_and_is_due(instance: Instance, clock: Clock, over_l2: bool) -> None:
    cache = instance() if over_l2 else instance(None)
    await make(cache, "k", "value")
    clock.tick(TIMES.soft_s - 0.1)
    assert await get(cache) == Hit("value", "L1")
    clock.tick(0.1)
    assert await get(cache) == Hit("value", "L1", stale=True, due=True)


async def test_some_are_due_before_their_soft_end_and_not_stale_then(instance: Instance, clock: Clock) -> None:
    unlucky = instance(None, chance=1e-6)
    await make(unlucky, "k", "value")
    assert await get(unlucky) == Hit("value", "L1")  # long before nobody is
    clock.tick(TIMES.soft_s * 0.85)
    assert await get(unlucky) == Hit("value", "L1", due=True)


async def test_entries_made_together_are_not_due_together(instance: Instance, clock: Clock) -> None:
    due_at = []
    for number in range(200):
        cache = instance(None, chance=(number + 1) / 200)
        await make(cache, "k", "value")
        made_at = clock()
        while not (hit := await get(cache)) or not hit.due:
            clock.tick(TIMES.soft_s / 100)
        due_at.append(round((clock() - made_at) / TIMES.soft_s, 2))
    assert len(set(due_at)) >= 8
    assert max(due_at.count(at) for at in set(due_at)) < 100


async def test_fresh_is_what_l2_has_and_need_not_be_renewed(instance: Instance, clock: Clock) -> None:
    cache = instance()
    assert not await Renewing(cache).fresh("k", ANYBODYS)
    await make(cache, "k", "value")
    assert await Renewing(cache).fresh("k", ANYBODYS)
    clock.tick(TIMES.soft_s)
    assert not await Renewing(cache).fresh("k", ANYBODYS)
    alone = instance(None)
    await make(alone, "k", "value")
    assert not await Renewing(alone).fresh("k", ANYBODYS)


async def test_a_far_value_that_cannot_be_decoded_is_a_miss_and_counted(instance: Instance) -> None:
    def undecodable(stored: bytes) -> str:
        raise ValueError("of another time")

    await make(instance(), "k", "value")
    cache = instance(decode=undecodable)
    assert await get(cache) is None
    assert not await Renewing(cache).fresh("k", ANYBODYS)
    _, far = cache.figures()
    assert far is not None
    assert (far.hits, far.misses, far.damaged) == (0, 2, 2)


async def test_figures_tell_of_each_tier(instance: Instance) -> None:
    await make(instance(), "k", "value")
    cache = instance()
    for key in ("k", "k", "none"):
        await get(cache, key)
    near, far = cache.figures()
    assert (near.hits, near.entries) == (1, 1)
    assert far is not None
    assert (far.hits, far.misses) == (1, 1)


async def test_without_a_far_tier_the_near_one_does_and_nothing_is_degraded(instance: Instance) -> None:
    cache = instance(None)
    assert not await make(cache, "k", "value")
    assert await get(cache) == Hit("value", "L1")
    assert await get(cache, "none") is None
    assert await cache.l2_state() == "off"
    assert not cache.degraded
    assert cache.figures()[1] is None


@pytest.mark.parametrize("over_l2", [True, False])
async def test_a_pattern_makes_void_what_it_matches_and_leaves_the_rest(instance: Instance, over_l2: bool) -> None:
    cache = instance() if over_l2 else instance(None)
    await make(cache, "a", "of lua")
    await make(cache, "b", "of elro", ELROS)
    await cache.invalidate("elro:*")
    assert await get(cache, "a") == Hit("of lua", "L1")
    assert await get(cache, "b", ELROS) is None
    await make(cache, "b", "of elro again", ELROS)
    assert await get(cache, "b", ELROS) == Hit("of elro again", "L1")
    await cache.invalidate("*")
    assert [await get(cache, "a"), await get(cache, "b", ELROS)] == [None, None]


async def test_the_others_know_after_the_declared_time_at_the_latest(instance: Instance, clock: Clock) -> None:
    one, other = instance(), instance()
    await make(one, "k", "value")
    await get(other)
    await one.invalidate("lua:*")
    assert await get(one) is None
    assert await get(other) == Hit("value", "L1")  # which was verified lately
    clock.tick(UNVERIFIED_S + 0.01)
    assert other.look("k", ANYBODYS) is None
    assert await get(other) is None
    _, far = other.figures()
    assert far is not None
    assert far.void == 1


async def test_whoever_reads_anything_knows_at_once(instance: Instance) -> None:
    one, other = instance(), instance()
    await make(one, "k", "value")
    await get(other)
    await one.invalidate("lua:*")
    await get(other, "something else")
    assert await get(other) is None


async def test_what_was_begun_before_an_invalidation_and_ended_after_it_is_void(instance: Instance) -> None:
    one, other = instance(), instance()
    await get(one)
    async with FillOnce(one).turn("k", ANYBODYS, 1) as making:
        await other.invalidate("lua:*")
        await FillOnce(one).keep(making, "made of what was invalid")
    await one.invalidate("nothing")  # one knows by now
    assert await get(one) is None
    assert await get(other) is None


async def test_a_server_that_lost_everything_takes_nothing_old_back(
    instance: Instance, connect: Connect, breakable: Breakable, clock: Clock
) -> None:
    server = breakable()
    cache = instance(connect(server.url))
    await make(cache, "k", "value")
    await cache.invalidate("nothing")
    server.kill()
    server.start_again()
    clock.tick(UNVERIFIED_S + 1)
    await get(cache)
    assert await get(cache) is None  # who knows what was invalidated meanwhile


async def test_what_is_one_users_alone_goes_with_the_user_everywhere(instance: Instance) -> None:
    one, other = instance(), instance()
    await make(one, "k", "only for ann", ANNS)
    assert await get(one, scope=ANNS) == Hit("only for ann", "L2")
    assert await get(other, scope=ANNS) == Hit("only for ann", "L2")
    assert one.look("k", ANNS) is None
    await one.forget("ann")
    assert [await get(cache, scope=ANNS) for cache in (one, other)] == [None, None]


async def test_it_goes_with_the_user_where_there_is_one_tier_alone(instance: Instance) -> None:
    cache = instance(None)
    await make(cache, "k", "only for ann", ANNS)
    await make(cache, "other", "for everybody")
    assert await get(cache, scope=ANNS) == Hit("only for ann", "L1")
    await cache.forget("ann")
    assert await get(cache, scope=ANNS) is None
    assert await get(cache, "other") == Hit("for everybody", "L1")


async def test_what_another_instance_is_making_is_waited_for(instance: Instance) -> None:
    one, other = instance(), instance()
    async with FillOnce(one).turn("k", ANYBODYS, 1) as making:
        waiting = asyncio.ensure_future(made_elsewhere(other))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        await FillOnce(one).keep(making, "value")
    assert await waiting == Hit("value", "L2")
    assert await get(other) == Hit("value", "L1")


async def test_what_was_made_between_a_look_and_a_turn_is_not_made_again(instance: Instance) -> None:
    one, other = instance(), instance()
    assert await get(one) is None
    await make(other, "k", "value")
    async with FillOnce(one).turn("k", ANYBODYS, 1) as making:
        assert making.found == Hit("value", "L2")


async def test_what_is_due_is_made_anew_by_whoever_has_the_turn(instance: Instance, clock: Clock) -> None:
    one, other = instance(), instance()
    await make(other, "k", "value")
    clock.tick(TIMES.soft_s - 1)
    assert await make(one, "k", "new")
    clock.tick(2)
    assert await get(other) == Hit("new", "L2")


async def test_what_is_void_is_made_anew_however_fresh_it_was(instance: Instance) -> None:
    one, other = instance(), instance()
    await make(other, "k", "value")
    await one.invalidate("*")
    assert await make(one, "k", "new")


async def made_elsewhere(cache: TwoTierCache[str]) -> Hit[str] | None:
    async with FillOnce(cache).turn("k", ANYBODYS, 5) as making:
        return making.found


async def test_a_maker_who_fails_leaves_the_turn_to_the_next(instance: Instance) -> None:
    one, other = instance(), instance()
    with pytest.raises(KeyError):
        async with FillOnce(one).turn("k", ANYBODYS, 1):
            raise KeyError
    async with FillOnce(other).turn("k", ANYBODYS, 1) as making:
        assert making.found is None
        assert making.token


async def test_who_has_waited_long_enough_goes_ahead(instance: Instance) -> None:
    one, other = instance(), instance()
    async with FillOnce(one).turn("k", ANYBODYS, 1) as first:
        async with FillOnce(other).turn("k", ANYBODYS, 0.05) as second:
            assert (second.found, second.token) == (None, 0)
            assert await FillOnce(other).keep(second, "without a turn")
        assert await FillOnce(one).keep(first, "in its turn")


async def test_a_slow_maker_holds_its_lease(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ion_mentoring.caching.leased.LEASE_S", 0.15)
    one, other = instance(), instance()
    async with FillOnce(one).turn("k", ANYBODYS, 1) as making:
        await asyncio.sleep(0.4)
        async with FillOnce(other).turn("k", ANYBODYS, 0.02) as second:
            assert second.token == 0
        assert await FillOnce(one).keep(making, "value")


async def test_while_the_server_is_away_the_near_tier_goes_on_and_says_so(
    instance: Instance, connect: Connect, breakable: Breakable, clock: Clock
) -> None:
    server = breakable()
    cache = instance(connect(server.url))
    assert (await cache.l2_state(), cache.degraded) == ("ok", False)
    await make(cache, "before", "value")
    server.kill()
    for number in range(5):
        assert not await make(cache, str(number), "value")
        assert await get(cache, str(number)) == Hit("value", "L1")
        assert await get(cache, "none") is None
    clock.tick(UNVERIFIED_S + 1)
    assert await get(cache, "before") == Hit("value", "L1")
    assert (await cache.l2_state(), cache.degraded) == ("down", True)
    with pytest.raises(CacheUnavailable):
        await cache.invalidate("*")
    assert await get(cache, "before") is None  # here, at least
    server.start_again()
    clock.tick(REST_S)
    await make(cache, "k", "value")
    assert (await cache.l2_state(), cache.degraded) == ("ok", False)
    assert await Renewing(cache).fresh("k", ANYBODYS)


async def test_what_cannot_be_verified_serves_to_its_soft_end_and_no_longer(
    instance: Instance, connect: Connect, breakable: Breakable, clock: Clock
) -> None:
    server = breakable()
    cache = instance(connect(server.url))
    await make(cache, "k", "value")
    server.kill()
    clock.tick(TIMES.soft_s - 0.1)
    assert await get(cache) == Hit("value", "L1")
    clock.tick(0.1)
    assert await get(cache) is None


async def test_a_paused_server_costs_a_caller_the_set_time_and_then_nothing(
    instance: Instance, connect: Connect, breakable: Breakable
) -> None:
    server = breakable()
    cache = instance(connect(server.url, timeout_s=TIMEOUT_S))
    took = []
    with server.paused():
        for _ in range(100):
            began = time.perf_counter()
            assert await get(cache) is None
            took.append(time.perf_counter() - began)
    took.sort()
    assert took[94] < TIMEOUT_S
    assert took[-1] < TIMEOUT_S + 1


async def test_an_instance_that_starts_gets_the_hottest_in_one_piece_after_its_first_answer(instance: Instance) -> None:
    one = instance()
    for number in range(5):
        await make(one, f"hot-{number}", str(number))
    await one.preload.pack([f"hot-{number}" for number in range(5)] + ["gone"])
    fresh = instance()
    await get(fresh, "something")
    assert fresh.look("hot-0", ANYBODYS) is None
    await get(fresh, "something else")
    assert [fresh.look(f"hot-{number}", ANYBODYS) for number in range(5)] == [Hit(str(number), "L1") for number in range(5)]


async def test_nothing_of_a_pack_that_was_invalidated_is_brought_near(instance: Instance) -> None:
    one, fresh = instance(), instance()
    await make(one, "hot", "value")
    await one.preload.pack(["hot"])
    await one.invalidate("nothing of this")
    for key in ("something", "something else"):
        await get(fresh, key)
    assert fresh.look("hot", ANYBODYS) is None
    assert await get(fresh, "hot") == Hit("value", "L2")


async def test_what_cannot_be_decoded_of_a_pack_is_left(instance: Instance) -> None:
    one = instance()
    for key in ("hot", "odd"):
        await make(one, key, key)
    await one.preload.pack(["odd", "hot"])

    def decoded(stored: bytes) -> str:
        if stored == b"odd":
            raise ValueError
        return stored.decode()

    fresh = instance(decode=decoded)
    for key in ("something", "something else"):
        await get(fresh, key)
    assert [fresh.look(key, ANYBODYS) for key in ("odd", "hot")] == [None, Hit("hot", "L1")]


async def test_without_l2_there_is_nothing_to_pack_or_to_claim(instance: Instance) -> None:
    cache = instance(None)
    await cache.preload.pack(["hot"])
    assert not await Renewing(cache).claim("k", 60)
    assert await Renewing(cache).renewable("k", ANYBODYS)
