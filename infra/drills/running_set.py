"""The set under drill: a program of its own at one port, which can be ended, killed and started again over the same store."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import httpx2

ROOT: Final = Path(__file__).resolve().parents[2]
STARTS_WITHIN_S: Final = 120.0
STOPS_WITHIN_S: Final = 40.0


class RunningSet:
    """The local set of this checkout with these settings at a port.

    Its log goes to a file, JSON lines and nothing else; what it says beside that goes to `errors`, a file next to it.
    """

    def __init__(self, settings: Mapping[str, str], port: int, log: Path) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        self.errors = log.with_suffix(".err")
        self.settings = settings
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Starts it, and returns once it answers; RuntimeError if it does not."""
        self._process = self._started()
        try:
            await self._listens(self._process)
        except BaseException:  # one that does not answer shall not stay behind
            await self.stop()
            raise

    async def _listens(self, process: "subprocess.Popen[bytes]") -> None:
        async with asyncio.timeout(STARTS_WITHIN_S), httpx2.AsyncClient(trust_env=False) as client:
            while process.poll() is None:
                try:
                    await client.get(f"{self.url}/api/v2/health")
                except httpx2.TransportError:
                    await asyncio.sleep(0.05)
                else:
                    return
        raise RuntimeError(f"the set did not start; {self.errors} or {self.log} says why")

    def _started(self) -> "subprocess.Popen[bytes]":
        environ = {**os.environ, **self.settings, "PORT": str(self.port), "LOG_FORMAT": "json"}
        command = [sys.executable, "-m", "ion_mentoring.local.serve", "--root", str(ROOT), "--unannounced"]
        with self.log.open("ab") as log, self.errors.open("ab") as errors:
            return subprocess.Popen(command, env=environ, stdout=log, stderr=errors)

    def tell(self, number: signal.Signals) -> None:
        """Sends a signal to it."""
        if self._process is not None:
            self._process.send_signal(number)

    async def ended(self) -> None:
        """Returns once it has ended."""
        if self._process is not None:
            await asyncio.to_thread(self._process.wait, STOPS_WITHIN_S)

    async def stop(self) -> None:
        """Ends it, by force where it does not end by itself."""
        if self._process is None or self._process.poll() is not None:
            return
        self.tell(signal.SIGTERM)
        try:
            await self.ended()
        except subprocess.TimeoutExpired:
            self.tell(signal.SIGKILL)
            await self.ended()
