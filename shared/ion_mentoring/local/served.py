"""The local set as a program of its own, for as long as somebody needs it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import httpx2
from msgspec import Struct

from ion_mentoring.local.parts import free_port

STARTS_WITHIN_S: Final = 30.0
STOPS_WITHIN_S: Final = 40.0


class Served(Struct, frozen=True):
    """The URL of a set that listens, and the id of its process."""

    url: str
    pid: int


@contextmanager
def served(settings: Mapping[str, str]) -> Iterator[Served]:
    """The whole set of this folder with those settings, on a free port and with a store that is gone afterwards."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "PORT": str(port), "STORE": f"sqlite:///{folder}/ion.sqlite3", **settings}
        process = subprocess.Popen([sys.executable, "-m", "ion_mentoring.local.serve"], env=environ, stdout=subprocess.DEVNULL)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait(url, process)
            yield Served(url, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(STOPS_WITHIN_S)


def _wait(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx2.get(f"{url}/api/v2/health", trust_env=False)
        except httpx2.TransportError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("the set did not start; what it said stands above")
