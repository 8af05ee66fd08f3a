"""A cluster is spoken to as one server, and found again after all of it was away."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from ion_mentoring.errors import CacheUnavailable

Connect = Callable[..., ValkeyConnection]
Breakable = Callable[..., Any]

TIMEOUT_S = 0.1
KEYS = [str(number) for number in range(50)]


@pytest.fixture
def server(breakable: Breakable) -> Any:
    started = breakable(**{"cluster-enabled": "yes"})
    started.ask("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
    return started


async def use(connection: ValkeyConnection) -> None:
    """Everything that we ask of a server, over many slots."""
    await connection.ping()
    await asyncio.gather(*(connection.set(key, key.encode(), ttl_ms=60_000) for key in KEYS))
    await connection.set("one", b"1", ttl_ms=60_000)
    assert await connection.get("one") == b"1"
    await connection.evaluate("redis.call('DEL', KEYS[1]) redis.call('LPUSH', KEYS[1], 'x') return {1}", "list")
    assert await connection.get_many((*KEYS, "none", "list")) == [*(key.encode() for key in KEYS), None, None]
    await connection.delete("salt")
    assert [await connection.keep_first("salt", value, ttl_ms=60_000) for value in (b"first", b"second")] == [b"first"] * 2
    assert await connection.evaluate("return {redis.call('EXISTS', KEYS[1], KEYS[2])}", ("{one}", "{one}:lease")) == [0]
    assert await connection.evaluate("return {redis.call('INCR', KEYS[1]), tonumber(ARGV[1])}", f"n{time.time()}", 7) == [1, 7]


@pytest.mark.slow
async def test_a_cluster_serves_every_call_and_is_found_again_after_a_pause_and_a_restart(
    connect: Connect, server: Any
) -> None:
    await server.serves_as_cluster()
    url = f"{server.url}?cluster=true"
    connection = connect(url)
    await use(connection)
    hurried = connect(url, timeout_s=TIMEOUT_S)
    await hurried.ping()

    with server.paused():
        began = time.perf_counter()
        for _ in range(3):
            with pytest.raises(CacheUnavailable):
                await hurried.get("one")
        assert time.perf_counter() - began < 3 * TIMEOUT_S + 1
    assert await hurried.get("one") == b"1"

    server.kill()
    for _ in range(5):
        with pytest.raises(CacheUnavailable):
            await connection.get("one")
    server.start_again()
    server.ask("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
    await server.serves_as_cluster()
    await use(connection)


@pytest.mark.slow
async def test_a_cluster_is_not_asked_for_its_commands_which_take_all_the_time_there_is(connect: Connect, server: Any) -> None:
    await server.serves_as_cluster()
    await use(connect(f"{server.url}?cluster=true"))
    asked = server.ask("INFO", "commandstats")
    assert "cmdstat_cluster|slots" in asked
    assert "cmdstat_command" not in asked


async def test_a_single_server_asked_as_a_cluster_is_a_failure(connect: Connect, shared_url: str) -> None:
    connection = connect(f"{shared_url}?cluster=true")
    for _ in range(2):
        with pytest.raises(CacheUnavailable):
            await connection.get("k")


async def test_those_who_fail_together_start_over_once(connect: Connect) -> None:
    connection = connect("redis://127.0.0.1:1?cluster=true")
    outcomes = await asyncio.gather(*(connection.get(key) for key in KEYS), return_exceptions=True)
    assert all(isinstance(outcome, CacheUnavailable) for outcome in outcomes)
