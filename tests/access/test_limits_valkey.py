"""The limit over all instances: exact while L2 answers, each instance by itself while it does not, never an error."""

import asyncio
import math
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from ion_mentoring.access.limits import WINDOW_S, RateLimitStatus
from ion_mentoring.access.limits_local import LocalRateLimit
from ion_mentoring.access.limits_valkey import PREFIX, SharedRateLimit
from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.sealing.keys import CacheKeys
from tests.fakes import Clock
from tests.real_parts.valkey import BreakableServer

Instance = Callable[..., SharedRateLimit]
Breakable = Callable[..., BreakableServer]

REST_S = 2.0
KEYS = CacheKeys(b"secret")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def url(valkey_port: int) -> str:
    return f"redis://127.0.0.1:{valkey_port}"


@pytest.fixture
async def connections() -> AsyncIterator[Callable[..., ValkeyConnection]]:
    async with AsyncExitStack() as opened:

        def connect(url: str, timeout_s: float = 2) -> ValkeyConnection:
            connection = ValkeyConnection.to(url, timeout_s=timeout_s)
            opened.push_async_callback(connection.close)
            return connection

        yield connect


@pytest.fixture
def instance(connections: Callable[..., ValkeyConnection], url: str, clock: Clock) -> Instance:
    """Makes the limit of another instance, over the shared server if not said."""

    def made(limit: int, at: str = url, **options: Any) -> SharedRateLimit:
        breaker = Breaker(failures=3, rest_s=REST_S, now=clock)
        alone = LocalRateLimit(limit, clock)
        return SharedRateLimit(connections(at, **options), breaker, alone, KEYS, limit=limit, now=clock)

    return made


def _key(caller: str) -> str:
    return PREFIX + KEYS.key(rate=caller)


async def test_all_instances_count_together(instance: Instance) -> None:
    one, other = instance(3), instance(3)
    assert [(await limit.take("a")).remaining for limit in (one, other, one)] == [2, 1, 0]
    refused = await other.take("a")
    assert (refused.allowed, refused.limit, refused.remaining) == (False, 3, 0)
    assert (await other.take("b")).allowed


async def test_a_limit_of_a_callers_own_holds_over_all_instances_and_a_look_costs_nothing(instance: Instance) -> None:
    instances = [instance(limit=5) for _ in range(3)]
    allowed = [(await instances[number % 3].take("a", limit=8)).allowed for number in range(20)]
    assert allowed.count(True) <= 8
    assert allowed[0]
    looks = [await instance(limit=5).take("b", 0) for _ in range(30)]
    assert all(look.allowed for look in looks)
    assert (await instances[0].take("a", 0, limit=8)).remaining == 0


async def test_the_window_is_a_minute_of_the_servers_time_from_the_first_request(
    instance: Instance, clock: Clock, connections: Callable[..., ValkeyConnection], url: str
) -> None:
    limit = instance(1)
    assert await limit.take("a") == RateLimitStatus(allowed=True, limit=1, remaining=0, reset_s=WINDOW_S)
    clock.tick(3_600)  # of an instance whose clock is wrong
    assert not (await limit.take("a")).allowed
    shorten = "return {redis.call('PEXPIRE', KEYS[1], ARGV[1])}"
    await connections(url).evaluate(shorten, _key("a"), 5_400)
    assert (await instance(1).take("a")).reset_s == 6
    await connections(url).evaluate(shorten, _key("a"), 0)
    assert await instance(1).take("a") == RateLimitStatus(allowed=True, limit=1, remaining=0, reset_s=WINDOW_S)


async def test_a_refused_request_costs_nothing(instance: Instance) -> None:
    limit = instance(10)
    assert (await limit.take("a", 8)).remaining == 2
    refused = await limit.take("a", 3)
    assert (refused.allowed, refused.remaining) == (False, 2)
    assert (await limit.take("a", 2)).allowed
    assert await limit.take("b", 11) == RateLimitStatus(allowed=False, limit=10, remaining=10, reset_s=WINDOW_S)


async def test_a_counter_that_lost_its_end_shuts_nobody_out(
    instance: Instance, connections: Callable[..., ValkeyConnection], url: str
) -> None:
    await connections(url).evaluate("redis.call('SET', KEYS[1], 99) return {1}", _key("a"))
    assert await instance(5).take("a") == RateLimitStatus(allowed=True, limit=5, remaining=4, reset_s=WINDOW_S)


async def test_many_at_once_never_pass_the_limit(instance: Instance) -> None:
    instances = [instance(100) for _ in range(4)]
    taken = await asyncio.gather(*(instances[number % 4].take("a") for number in range(400)))
    assert sum(allowance.allowed for allowance in taken) == 100


PROCESS = """
import asyncio, sys, time
from ion_mentoring.sealing.keys import CacheKeys
from ion_mentoring.access.limits_local import LocalRateLimit
from ion_mentoring.access.limits_valkey import SharedRateLimit
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection

async def main():
    connection = ValkeyConnection.to(sys.argv[1], timeout_s=5)
    breaker = Breaker(failures=1, rest_s=1, now=lambda: 0.0)
    alone = LocalRateLimit(0, lambda: 0.0)
    count, window_s, until = int(sys.argv[2]), float(sys.argv[3]), time.monotonic() + float(sys.argv[4])
    limit = SharedRateLimit(
        connection, breaker, alone, CacheKeys(b"secret"), limit=count, now=time.time, window_s=window_s
    )
    passed = []
    while time.monotonic() < until:
        taken = await asyncio.gather(*(limit.take("a") for _ in range(60)))
        passed += [time.time()] * sum(one.allowed for one in taken)
        await asyncio.sleep(0.005)
    print(*passed)
    await connection.close()

asyncio.run(main())
"""


async def process(url: str, limit: int, window_s: float, for_s: float) -> asyncio.subprocess.Process:
    arguments = [PROCESS, url, str(limit), str(window_s), str(for_s)]
    return await asyncio.create_subprocess_exec(sys.executable, "-c", *arguments, stdout=asyncio.subprocess.PIPE)


async def passed(processes: list[asyncio.subprocess.Process]) -> list[float]:
    """When requests passed, over all processes."""
    said = [(await one.communicate())[0] for one in processes]
    return sorted(float(at) for one in said for at in one.split())


@pytest.mark.slow
async def test_four_processes_together_get_the_limit_and_no_more(url: str) -> None:
    assert len(await passed([await process(url, 100, 60, 1) for _ in range(4)])) == 100


@pytest.mark.slow
async def test_a_process_that_was_frozen_spends_nothing_of_a_window_that_has_ended(url: str) -> None:
    processes = [await process(url, 100, 1, 4) for _ in range(3)]
    await asyncio.sleep(1.5)
    for _ in range(3):
        os.kill(processes[0].pid, signal.SIGSTOP)
        await asyncio.sleep(0.4)
        os.kill(processes[0].pid, signal.SIGCONT)
        await asyncio.sleep(0.1)
    times = await passed(processes)
    windows = math.ceil((times[-1] - times[0]) / 1) + 1
    assert 200 <= len(times) <= 100 * windows
    for place in range(len(times) - 201):  # no stretch of a window's length touches more than two windows
        assert times[place + 200] - times[place] > 0.9


async def test_a_key_shows_nobody_and_any_caller_has_one(
    instance: Instance, connections: Callable[..., ValkeyConnection], url: str
) -> None:
    limit = instance(3)
    for caller in ("key:acme", "10.0.0.1", "", "half a pair \ud800", "한국어"):
        assert (await limit.take(caller)).remaining == 2
        assert await connections(url).get(_key(caller)) == b"1"
        assert not caller or caller.encode("utf-8", "replace") not in _key(caller).encode()


async def test_without_a_server_each_instance_counts_by_itself(instance: Instance) -> None:
    one, other = (instance(5, "redis://127.0.0.1:1") for _ in range(2))
    for limit in (one, other):
        taken = [await limit.take("a") for _ in range(7)]
        assert [allowance.allowed for allowance in taken] == [True] * 5 + [False] * 2


async def test_a_counter_of_another_kind_is_counted_here_and_the_server_still_used_for_others(
    instance: Instance, connections: Callable[..., ValkeyConnection], url: str
) -> None:
    spoil = "redis.call('LPUSH', KEYS[1], 'x') redis.call('PEXPIRE', KEYS[1], 60000) return {1}"
    await connections(url).evaluate(spoil, _key("a"))
    one, other = instance(5), instance(5)
    for _ in range(4):
        assert (await one.take("a")).allowed
    await one.take("b")
    assert (await other.take("b")).remaining == 3


@pytest.mark.parametrize("said", [b"*1\r\n:1\r\n", b"*3\r\n:0\r\n:5\r\n:60000\r\n", b"*3\r\n:1\r\n:0\r\n:0\r\n"])
async def test_an_answer_that_is_none_of_ours_is_no_answer(instance: Instance, said: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(4_096):
            writer.write(said)
        writer.close()
        await writer.wait_closed()
        over.set()

    over = asyncio.Event()
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    limit = instance(1, f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    assert [(await limit.take("a")).allowed for _ in range(2)] == [True, False]
    await limit._connection.close()
    await over.wait()
    server.close()
    await server.wait_closed()


async def test_a_killed_server_is_no_error_and_is_counted_in_again_after_the_rest(
    instance: Instance, breakable: Breakable, clock: Clock
) -> None:
    server = breakable()
    limit = instance(100, server.url)
    assert (await limit.take("a")).remaining == 99
    server.kill()
    assert [(await limit.take("a")).remaining for _ in range(10)] == list(range(99, 89, -1))
    server.start_again()
    assert (await limit.take("a")).remaining == 89
    clock.tick(REST_S)
    assert [(await limit.take("a")).remaining for _ in range(2)] == [99, 98]


async def test_a_silent_server_costs_the_set_time_and_then_nothing(instance: Instance, breakable: Breakable) -> None:
    server = breakable()
    limit = instance(100, server.url, timeout_s=0.1)
    with server.paused():
        began = time.perf_counter()
        taken = [await limit.take("a") for _ in range(50)]
        took = time.perf_counter() - began
    assert all(allowance.allowed for allowance in taken)
    assert took < 3 * 0.1 + 1


async def test_who_is_alone_gets_all_and_who_is_spread_evenly_nearly_all(instance: Instance) -> None:
    alone, spread = instance(100), [instance(100) for _ in range(4)]
    assert [(await alone.take("a")).allowed for _ in range(101)] == [True] * 100 + [False]
    before = 0
    while (await spread[before % 4].take("b")).allowed:
        before += 1
    assert before >= 90


async def test_a_lease_is_spent_without_asking_and_refusals_are_not_asked_for(
    instance: Instance, connections: Callable[..., ValkeyConnection], url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    evaluate = ValkeyConnection.evaluate

    async def counted(self: ValkeyConnection, *arguments: Any) -> list[int]:
        nonlocal asked
        asked += 1
        return await evaluate(self, *arguments)

    monkeypatch.setattr(ValkeyConnection, "evaluate", counted)
    limit = instance(1_000)
    taken = [await limit.take("a") for _ in range(2_000)]
    assert sum(one.allowed for one in taken) == 1_000
    assert [one.remaining for one in taken] == [*range(999, -1, -1), *[0] * 1_000]
    assert asked <= 40
    await asyncio.gather(*(limit.take("b") for _ in range(1_000)))
    assert asked <= 80


async def test_who_asks_seldom_leases_little(instance: Instance, clock: Clock) -> None:
    one, other = instance(100), instance(100)
    for _ in range(8):
        await one.take("a")
    for _ in range(8):
        clock.tick(2)
        await one.take("a")
    assert (await other.take("a")).remaining >= 80


async def test_a_window_of_the_instance_ends_with_that_of_the_server(instance: Instance, clock: Clock) -> None:
    limit = instance(4)
    assert [(await limit.take("a")).allowed for _ in range(5)] == [True] * 4 + [False]
    clock.tick(-1)  # the clock was set back: nothing is known any more, and the server is asked
    assert not (await limit.take("a")).allowed


async def test_a_waiter_who_leaves_harms_nobody(instance: Instance) -> None:
    limit = instance(100)
    waiters = [asyncio.create_task(limit.take("a")) for _ in range(10)]
    await asyncio.sleep(0)
    for one in waiters[:5]:
        one.cancel()
    assert all(one.allowed for one in await asyncio.gather(*waiters[5:]))
    assert not limit._asking
    assert (await limit.take("a")).remaining >= 89


async def test_callers_beyond_the_bound_are_forgotten_and_counted_on_by_the_server(
    connections: Callable[..., ValkeyConnection], url: str, clock: Clock
) -> None:
    breaker = Breaker(failures=3, rest_s=REST_S, now=clock)
    limit = SharedRateLimit(connections(url), breaker, LocalRateLimit(0, clock), KEYS, limit=2, now=clock, max_callers=1)
    assert [(await limit.take(caller)).remaining for caller in ("a", "b", "a")] == [1, 1, 0]
    assert len(limit._leases) == 1
