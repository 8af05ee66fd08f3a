"""A server that is killed, paused, restarted, full, closed to us, or talks nonsense costs the set time and no more."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from ion_mentoring.backends.valkey.valkey_client import CacheRefused, ValkeyConnection
from ion_mentoring.errors import CacheUnavailable

Connect = Callable[..., ValkeyConnection]
Breakable = Callable[..., Any]

TIMEOUT_S = 0.1
SLACK_S = 1.0  # for a busy machine; a client that retries or waits for 5 s shows all the same

CALLS: dict[str, Callable[[ValkeyConnection], Awaitable[object]]] = {
    "get": lambda connection: connection.get("k"),
    "set": lambda connection: connection.set("k", b"v", ttl_ms=1_000),
    "get_many": lambda connection: connection.get_many(("a", "b")),
    "keep_first": lambda connection: connection.keep_first("k", b"v", ttl_ms=1_000),
    "delete": lambda connection: connection.delete("k"),
    "evaluate": lambda connection: connection.evaluate("return {1}", "k"),
    "ping": lambda connection: connection.ping(),
}


async def seconds_to_fail(call: Awaitable[object]) -> float:
    began = time.perf_counter()
    with pytest.raises(CacheUnavailable):
        await call
    return time.perf_counter() - began


async def test_a_paused_server_costs_the_set_time_and_answers_again_when_it_goes_on(
    connect: Connect, breakable: Breakable
) -> None:
    server = breakable()
    connection = connect(server.url, timeout_s=TIMEOUT_S)
    with server.paused():
        took = [await seconds_to_fail(call(connection)) for call in CALLS.values()]
    assert min(took) < 2 * TIMEOUT_S
    assert max(took) < TIMEOUT_S + SLACK_S
    await connection.set("k", b"v", ttl_ms=60_000)
    assert await connection.get("k") == b"v"


async def test_those_who_wait_for_a_connection_to_a_paused_server_wait_no_longer_than_the_set_time(
    connect: Connect, breakable: Breakable
) -> None:
    server = breakable()
    connection = connect(server.url, timeout_s=TIMEOUT_S)
    with server.paused():
        began = time.perf_counter()
        outcomes = await asyncio.gather(*(connection.get("k") for _ in range(400)), return_exceptions=True)
        took = time.perf_counter() - began
    assert all(isinstance(outcome, CacheUnavailable) for outcome in outcomes)
    assert took < TIMEOUT_S + SLACK_S  # 25 rounds of 16, were each to begin its time with its turn


async def test_a_killed_server_fails_at_once_and_a_restarted_one_answers_at_once(
    connect: Connect, breakable: Breakable
) -> None:
    server = breakable()
    connection = connect(server.url, timeout_s=TIMEOUT_S)
    await connection.ping()
    server.kill()
    for call in CALLS.values():
        assert await seconds_to_fail(call(connection)) < TIMEOUT_S + SLACK_S
    server.start_again()
    await connection.ping()
    assert await connection.get("k") is None


@pytest.mark.parametrize("login", ["", ":wrong@", "nobody:wrong@"])
async def test_a_wrong_password_or_none_is_a_failure(connect: Connect, breakable: Breakable, login: str) -> None:
    server = breakable()
    server.ask("CONFIG", "SET", "requirepass", "right")
    connection = connect(f"redis://{login}127.0.0.1:{server.port}")
    for call in CALLS.values():
        with pytest.raises(CacheUnavailable) as raised:
            await call(connection)
        assert not isinstance(raised.value, CacheRefused)


async def test_a_full_server_refuses_to_keep_and_still_gives(connect: Connect, breakable: Breakable) -> None:
    server = breakable()
    connection = connect(server.url)
    await connection.set("k", b"v", ttl_ms=60_000)
    server.ask("CONFIG", "SET", "maxmemory-policy", "noeviction")
    server.ask("CONFIG", "SET", "maxmemory", "1")
    for call in (connection.set("k", b"w", ttl_ms=1_000), connection.keep_first("a", b"v", ttl_ms=1_000)):
        with pytest.raises(CacheRefused):
            await call
    assert await connection.get("k") == b"v"


async def test_what_failed_does_not_show_keys_or_values(connect: Connect, breakable: Breakable) -> None:
    connection = connect(breakable(maxmemory="1", **{"maxmemory-policy": "noeviction"}).url)
    with pytest.raises(CacheRefused) as raised:
        await connection.set("a-key", b"a-value", ttl_ms=1_000)
    assert str(raised.value) == "L2: OutOfMemoryError"


NONSENSE = [
    b"\x00\xff\xfe\r\n",
    b":abc\r\n",
    b":5\r\n",
    b"$abc\r\n",
    b"*2\r\n:1\r\n$1\r\nx\r\n",
    b"*1\r\n" * 5_000,
    b"$99999999999999\r\n",
    b"x" * 200_000,
    b"HTTP/1.1 400 Bad Request\r\n\r\n",
    b"-ERR something is wrong\r\n",
    b"\r\n",
    b"",
]


@pytest.mark.parametrize("cluster", ["", "?cluster=true"], ids=["one", "cluster"])
@pytest.mark.parametrize("nonsense", NONSENSE, ids=range(len(NONSENSE)))
async def test_nonsense_is_a_failure_within_the_set_time(
    connect: Connect, garbage: Callable[[bytes], Any], nonsense: bytes, cluster: str
) -> None:
    async with garbage(nonsense) as url:
        connection = connect(url + cluster, timeout_s=TIMEOUT_S)
        for call in CALLS.values():
            assert await seconds_to_fail(call(connection)) < TIMEOUT_S + SLACK_S
        await connection.close()


async def test_no_bytes_whatever_bring_up_an_error_of_the_vendors(connect: Connect, garbage: Callable[[bytes], Any]) -> None:
    chance = random.Random(7)
    pieces = [b"+", b"-", b":", b"$", b"*", b"\r\n", b"\r\n", b"0", b"1", b"-1", b"OK", b"MOVED 1 x:y", b"ASK", b"_", b"\xff"]
    for _ in range(40):
        nonsense = b"".join(chance.choices(pieces, k=chance.randrange(1, 12))) + b"\r\n"
        async with garbage(nonsense) as url:
            for cluster in ("", "?cluster=true"):
                connection = connect(url + cluster, timeout_s=0.01)
                for call in CALLS.values():
                    try:
                        await call(connection)
                    except CacheUnavailable:
                        continue
                await connection.close()


async def test_after_nonsense_nothing_of_it_is_left_for_the_next_question(
    connect: Connect, garbage: Callable[[bytes], Any]
) -> None:
    async with garbage(b":5\r\n$5\r\nstale\r\n") as url:
        connection = connect(url, timeout_s=TIMEOUT_S)
        for _ in range(3):
            await seconds_to_fail(connection.get("k"))
        await connection.close()
