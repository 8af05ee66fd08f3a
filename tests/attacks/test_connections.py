"""More connections than there are file descriptors: no spinning, no flood of log lines, and all is well afterwards."""

import contextlib
import socket
import time
from pathlib import Path

import pytest

from tests.attacks import sets, wire

pytestmark = pytest.mark.proof

FILES, CONNECTIONS, SECONDS = 64, 90, 6


def test_too_many_connections_neither_spin_nor_flood_the_log(tmp_path: Path) -> None:
    with sets.running(tmp_path, sets.STRICT, files=FILES) as found:
        wire.call(found.port, "GET", "/health")
        with contextlib.ExitStack() as links:
            opened: list[socket.socket] = []
            for _ in range(CONNECTIONS):
                with contextlib.suppress(OSError):
                    opened.append(links.enter_context(wire.connect(found.port, 2)))
            time.sleep(1)
            cpu, lines = found.cpu_s(), found.said().count("\n")
            time.sleep(SECONDS)
            assert (found.cpu_s() - cpu) / SECONDS < 0.3, "of a core"
            assert found.said().count("\n") - lines <= SECONDS + 2
        time.sleep(1)
        assert wire.call(found.port, "GET", "/health").status == 200


def test_a_connection_beyond_the_bound_is_refused_and_not_left_waiting(tmp_path: Path) -> None:
    with sets.running(tmp_path, sets.STRICT, files=FILES) as found, contextlib.ExitStack() as links:
        for _ in range(CONNECTIONS):
            with contextlib.suppress(OSError):
                links.enter_context(wire.connect(found.port, 2))
        time.sleep(1)
        late = links.enter_context(wire.connect(found.port, 2))
        with contextlib.suppress(OSError):
            late.sendall(wire.head("GET", "/health"))
        got, closed = wire.until_closed(late, 5)
        assert closed is not None or wire.status_of(got) in {200, 503}
