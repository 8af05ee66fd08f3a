"""Regions as real processes on 127.0.0.1, the store that they share, and the ways in which one is lost."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

import httpx2

from bench.balancer import HEALTH, HOST, Backend
from ion_mentoring.local.parts import PartMissing, firestore_emulator, free_port, valkey_server

ROOT: Final = Path(__file__).resolve().parent.parent
STARTS_WITHIN_S: Final = 30.0


class Region:
    """A router process and its Valkey server, both on 127.0.0.1."""

    def __init__(self, name: str, store: Mapping[str, str]) -> None:
        self.name = name
        self._store = store
        self._valkey: Any = None
        self._router: subprocess.Popen[bytes] | None = None
        self.port = 0

    def start(self) -> None:
        """Returns once it answers; PartMissing without Valkey."""
        self._valkey, self.port = valkey_server(), free_port()
        program = str(Path(sys.executable).with_name("functions-framework"))
        main = str(ROOT / "functions" / "router" / "main.py")
        self._router = subprocess.Popen(
            [program, "--target", "handle", "--source", main, "--host", HOST, "--port", str(self.port)],
            env={
                "PATH": os.environ["PATH"],
                "REGION": self.name,
                "CACHE_URL": f"redis://{HOST}:{self._valkey.port}",
                "CACHE_KEY_SECRET": "bench",
                "RATE_LIMIT_PER_MINUTE": "1000000",
                **self._store,
            },
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # the server forks: what ends it has to reach its worker, too
        )
        self._wait(self._router)

    def kill(self) -> None:
        """Ends all of it at once; nothing happens where nothing runs."""
        if self._router:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._router.pid, signal.SIGKILL)
            self._router.wait()
            self._router = None
        if self._valkey:
            self._valkey.terminate()
            self._valkey = None

    def signal(self, number: int) -> None:
        """Sends a signal to all of it."""
        if self._router and self._valkey:
            os.killpg(self._router.pid, number)
            os.kill(self._valkey._process.pid, number)

    def _wait(self, router: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + STARTS_WITHIN_S
        while not _is_well(self.port):
            if router.poll() is not None or time.monotonic() > deadline:
                raise PartMissing(f"the router of {self.name} did not start")
            time.sleep(0.05)


def _is_well(port: int) -> bool:
    try:
        return httpx2.get(f"http://{HOST}:{port}{HEALTH}", trust_env=False).status_code == httpx2.codes.OK
    except httpx2.HTTPError:
        return False


@asynccontextmanager
async def killed(region: Region, backend: Backend) -> AsyncIterator[None]:
    """Router and Valkey are gone at once; they come back as new processes with empty caches."""
    region.kill()
    yield
    await asyncio.to_thread(region.start)
    backend.port = region.port


@asynccontextmanager
async def stopped(region: Region, _backend: Backend) -> AsyncIterator[None]:
    """Connections are taken, and nothing answers; then all goes on as if no time had gone by."""
    region.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        region.signal(signal.SIGCONT)


@asynccontextmanager
async def refusing(_region: Region, backend: Backend) -> AsyncIterator[None]:
    """A front of the region that answers 503 to everything, probes too, as Cloud Run does without an instance."""
    server, port = await asyncio.start_server(_refuse, HOST, 0), backend.port
    backend.port = server.sockets[0].getsockname()[1]
    yield
    backend.port = port
    server.close()


async def _refuse(routing: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, EOFError):
        await routing.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
    writer.close()


@contextmanager
def shared_store(say: Callable[[str], object]) -> Iterator[Mapping[str, str]]:
    """The settings of one store for all regions: the Firestore emulator where it is found, else a file."""
    try:
        emulator = firestore_emulator()
    except PartMissing as missing:
        say(f"NO FIRESTORE EMULATOR, so all regions share one SQLite file: {missing}")
        with tempfile.TemporaryDirectory() as folder:
            yield {"STORE": f"sqlite:///{folder}/ion.sqlite3"}
        return
    try:
        say("store: one Firestore emulator for all regions")
        yield {"STORE": "firestore://ion-bench", "FIRESTORE_EMULATOR_HOST": emulator.address}
    finally:
        emulator.stop()
