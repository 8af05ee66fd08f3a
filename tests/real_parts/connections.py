"""Connections to real servers: one that all tests share, and ones that a test may break."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from ion_mentoring.backends.valkey.valkey_client import ValkeyConnection
from tests.real_parts.forwarder import SETTLES_S

PATIENT_S = 2.0  # where time is not what is tested, a busy machine shall not fail a test

Connect = Callable[..., ValkeyConnection]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Makes connections that are closed with the test."""
    async with AsyncExitStack() as opened:

        def connection(url: str, **options: Any) -> ValkeyConnection:
            made = ValkeyConnection.to(url, **{"timeout_s": PATIENT_S, **options})
            opened.push_async_callback(made.close)
            return made

        yield connection


@pytest.fixture
def shared_url(valkey_port: int) -> str:
    """A server that holds no keys and must not be broken."""
    return f"redis://127.0.0.1:{valkey_port}"


@pytest.fixture
def connection(connect: Connect, shared_url: str) -> ValkeyConnection:
    return connect(shared_url)


@asynccontextmanager
async def babbling(answer: bytes) -> AsyncIterator[str]:
    """The URL of a server that says the same thing to everything it is asked."""
    open_writers: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_writers.add(writer)
        try:
            while await reader.read(4096):
                writer.write(answer)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()
            open_writers.discard(writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await asyncio.sleep(SETTLES_S)  # what was just accepted begins to be served
        for writer in tuple(open_writers):
            writer.close()
        await server.wait_closed()
        await asyncio.sleep(SETTLES_S)  # and what was closed leaves the loop


@pytest.fixture
def garbage() -> Callable[[bytes], Any]:
    """A context manager with the URL of a server that answers these bytes to everything."""
    return babbling
