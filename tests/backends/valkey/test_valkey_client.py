"""What a connection to a real server does while all is well."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from ion_mentoring.backends.valkey.valkey_client import AT_ONCE, CacheRefused, ValkeyConnection
from ion_mentoring.errors import CacheUnavailable, SettingsInvalid

Connect = Callable[..., ValkeyConnection]
Breakable = Callable[..., Any]


async def test_a_value_comes_back_as_the_bytes_it_was(connection: ValkeyConnection) -> None:
    value = bytes(range(256)) * 100
    await connection.set("k", value, ttl_ms=60_000)
    assert await connection.get("k") == value


async def test_an_empty_value_is_a_value_and_no_value_is_none(connection: ValkeyConnection) -> None:
    await connection.set("k", b"", ttl_ms=60_000)
    assert await connection.get("k") == b""
    assert await connection.get("other") is None


async def test_the_server_drops_a_value_at_its_time(connection: ValkeyConnection) -> None:
    await connection.set("k", b"v", ttl_ms=60_000)
    await connection.keep_first("first", b"1", ttl_ms=1_000)
    left = [await connection.evaluate("return {redis.call('PTTL', KEYS[1])}", key) for key in ("k", "first")]
    assert 59_000 < left[0][0] <= 60_000
    assert 0 < left[1][0] <= 1_000


async def test_many_values_come_at_once_and_what_is_of_another_kind_is_none(connection: ValkeyConnection) -> None:
    for number in range(100):
        await connection.set(str(number), str(number).encode(), ttl_ms=60_000)
    await connection.evaluate("return {redis.call('LPUSH', KEYS[1], 'x')}", "list")
    assert await connection.get_many(("0", "none", "50", "list", "99")) == [b"0", None, b"50", None, b"99"]


async def test_the_first_value_stays_until_it_is_deleted(connection: ValkeyConnection) -> None:
    assert [await connection.keep_first("k", value, ttl_ms=60_000) for value in (b"first", b"second")] == [b"first"] * 2
    await connection.delete("k")
    await connection.delete("k")
    assert await connection.keep_first("k", b"third", ttl_ms=60_000) == b"third"


async def test_a_script_is_given_its_keys_and_arguments(connection: ValkeyConnection) -> None:
    script = "return {#KEYS, #ARGV, #ARGV[1], #ARGV[2]}"
    assert await connection.evaluate(script, ("a", "b"), "한", b"\x00\xff") == [2, 2, 3, 2]


async def test_a_script_is_given_its_key_and_integers(connection: ValkeyConnection) -> None:
    script = "redis.call('INCRBY', KEYS[1], ARGV[1]) return {tonumber(redis.call('GET', KEYS[1])), tonumber(ARGV[2])}"
    assert await connection.evaluate(script, "k", 5, 7) == [5, 7]
    assert await connection.evaluate(script, "k", 5, 7) == [10, 7]


async def test_a_script_that_gives_something_else_is_a_failure(connection: ValkeyConnection) -> None:
    for script in ("return 'text'", "return {'text'}", "return nil", "no lua"):
        with pytest.raises(CacheUnavailable):
            await connection.evaluate(script, "k")
    await connection.ping()


async def test_a_key_of_another_type_is_refused_and_not_taken_for_an_outage(connection: ValkeyConnection) -> None:
    await connection.evaluate("return {redis.call('LPUSH', KEYS[1], 'x')}", "k")
    with pytest.raises(CacheRefused):
        await connection.get("k")
    await connection.set("k", b"ours", ttl_ms=60_000)
    assert await connection.get("k") == b"ours"


async def test_a_thousand_cold_reads_at_once_all_answer_over_few_connections(connect: Connect, breakable: Breakable) -> None:
    server = breakable()
    connection = connect(server.url)
    answers = await asyncio.gather(*(connection.get(str(number)) for number in range(1_000)))
    assert answers == [None] * 1_000
    assert server.ask("CLIENT", "LIST").count(b"\n") <= 32


async def test_a_caller_who_leaves_in_the_middle_leaves_no_answer_for_the_next(connection: ValkeyConnection) -> None:
    for number in range(20):
        await connection.set(str(number), str(number).encode(), ttl_ms=60_000)
    for number in range(20):
        leaving = [asyncio.create_task(connection.get("0")) for _ in range(AT_ONCE)]
        for _ in range(number % 6):
            await asyncio.sleep(0)
        for task in leaving:
            task.cancel()
        await asyncio.gather(*leaving, return_exceptions=True)
        assert await connection.get(str(number)) == str(number).encode()


async def test_a_password_and_a_database_in_the_url_are_used(connect: Connect, breakable: Breakable) -> None:
    server = breakable()
    server.ask("CONFIG", "SET", "requirepass", "p@ss")
    with_password = connect(f"redis://:p%40ss@127.0.0.1:{server.port}/3")
    await with_password.set("k", b"in 3", ttl_ms=60_000)
    assert await with_password.get("k") == b"in 3"
    assert await connect(f"redis://:p%40ss@127.0.0.1:{server.port}/0").get("k") is None


async def test_nothing_is_connected_at_construction_and_closing_twice_is_fine(connect: Connect) -> None:
    connection = connect("redis://127.0.0.1:1")
    await connection.close()
    await connection.close()


def test_a_connection_can_be_made_without_a_loop() -> None:
    assert ValkeyConnection.to("valkey://nowhere.invalid?cluster=true")
    with pytest.raises(SettingsInvalid):
        ValkeyConnection.to("http://nowhere.invalid")


async def test_an_address_where_nobody_listens_is_a_failure(connect: Connect) -> None:
    with pytest.raises(CacheUnavailable):
        await connect("redis://127.0.0.1:1").get("k")
