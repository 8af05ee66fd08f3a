"""More connections than there are file descriptors for are refused, without a word too many, and leave nothing behind."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from ion_mentoring.local.parts import free_port
from ion_mentoring.resources import ROOT

FILES = 64
COMMAND = f"ulimit -n {FILES} && exec {sys.executable} -m ion_mentoring.local.serve --root {ROOT.parent}"


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A set with few file descriptors: its port, and what it wrote."""
    port, written = free_port(), tmp_path / "written"
    environ = {**os.environ, "PORT": str(port), "STORE": f"sqlite:///{tmp_path}/ion.sqlite3"}
    with written.open("wb") as log:
        process = subprocess.Popen(["sh", "-c", COMMAND], env=environ, stdout=log, stderr=log)
        for _ in range(400):
            if b"Ctrl-C" in written.read_bytes():
                break
            time.sleep(0.05)
        yield port, written
        process.terminate()
        process.wait(30)


def answered(port: int) -> bool:
    return httpx2.get(f"http://127.0.0.1:{port}/api/v2/health", timeout=10).status_code == 200


def test_seventy_idle_connections_neither_fill_the_log_nor_end_the_service(crowded: tuple[int, Path]) -> None:
    port, written = crowded
    assert answered(port)
    lines = len(written.read_bytes().splitlines())
    connections = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(FILES + 6)]
    refused = 0
    time.sleep(2)  # the kernel's and the server's time, which no clock of ours ticks
    for one in connections:
        one.settimeout(0.01)
        try:
            refused += one.recv(12) == b"HTTP/1.1 503"
        except TimeoutError:
            continue
        finally:
            one.close()
    assert refused > FILES // 2
    assert len(written.read_bytes().splitlines()) - lines <= 4
    time.sleep(0.2)
    assert answered(port)
