"""Where a server says that another one is to be asked, its connections end, and the next call goes where the address leads."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ion_mentoring.backends.valkey.valkey_client import ELSEWHERE, ValkeyConnection
from ion_mentoring.errors import CacheUnavailable
from tests.real_parts.forwarder import forwarding
from tests.real_parts.valkey import BreakableServer, failed_over, in_step

Connect = Callable[..., ValkeyConnection]

WRITES: dict[str, Callable[[ValkeyConnection], Awaitable[object]]] = {
    "set": lambda connection: connection.set("k", b"v", ttl_ms=1_000),
    "keep_first": lambda connection: connection.keep_first("k", b"v", ttl_ms=1_000),
    "delete": lambda connection: connection.delete("k"),
    "evaluate": lambda connection: connection.evaluate("return {redis.call('INCR', KEYS[1])}", "n"),
}


@pytest.mark.parametrize("write", WRITES)
async def test_after_a_failover_one_write_fails_and_the_next_goes_to_the_new_primary(
    connect: Connect, breakable: Callable[..., BreakableServer], write: str
) -> None:
    first, second = breakable(), breakable()
    await in_step(first, second)
    async with forwarding(first.port) as address:
        connection = connect(address.url)
        await connection.set("kept", b"before", ttl_ms=60_000)
        first.ask("WAIT", 1, 1_000)
        failed_over(first, second)
        address.to = second.port
        with pytest.raises(CacheUnavailable):
            await WRITES[write](connection)
        await WRITES[write](connection)
        assert await connection.get("kept") == b"before"
        assert address.led == [first.port, second.port]
        await connection.close()


@asynccontextmanager
async def saying(answer: bytes) -> AsyncIterator[tuple[str, list[int]]]:
    """The URL of a server whose first connection is always told this, and all others OK; and how often each was asked."""
    asked: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        place = len(asked)
        asked.append(0)
        while await reader.read(4_096):
            asked[place] += 1
            writer.write(answer if place == 0 else b"+OK\r\n")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


@pytest.mark.parametrize("code", ELSEWHERE)
async def test_whoever_says_that_another_is_to_be_asked_is_not_asked_again(connect: Connect, code: str) -> None:
    async with saying(f"-{code} 42 127.0.0.1:1 and why\r\n".encode()) as (url, asked):
        connection = connect(url)
        with pytest.raises(CacheUnavailable):
            await connection.set("k", b"v", ttl_ms=1_000)
        await connection.set("k", b"v", ttl_ms=1_000)
        assert asked == [1, 1]
        await connection.close()


@pytest.mark.parametrize("code", ["WRONGTYPE", "OOM", "ERR", "NOSCRIPT", "MISCONF", "BUSY"])
async def test_any_other_error_leaves_the_connection_open(connect: Connect, code: str) -> None:
    async with saying(f"-{code} and why\r\n".encode()) as (url, asked):
        connection = connect(url)
        for _ in range(2):
            with pytest.raises(CacheUnavailable):
                await connection.set("k", b"v", ttl_ms=1_000)
        assert asked == [2]
        await connection.close()


async def test_those_who_are_told_so_at_once_open_no_more_connections_than_before(
    connect: Connect, breakable: Callable[..., Any]
) -> None:
    first, second = breakable(), breakable()
    await in_step(first, second)
    async with forwarding(first.port) as address:
        connection = connect(address.url)
        await asyncio.gather(*(connection.set(str(number), b"v", ttl_ms=60_000) for number in range(200)))
        failed_over(first, second)
        address.to = second.port
        before = len(address.led)
        await asyncio.gather(
            *(connection.set(str(number), b"w", ttl_ms=60_000) for number in range(200)), return_exceptions=True
        )
        await connection.set("k", b"v", ttl_ms=60_000)
        assert set(address.led[before:]) == {second.port}
        assert len(address.led) - before <= 2 * before
        await connection.close()
