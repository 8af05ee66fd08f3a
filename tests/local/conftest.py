"""A running local set, started by the command that `make run` gives."""

import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from ion_mentoring.local.parts import free_port
from ion_mentoring.resources import ROOT

Serve = Callable[..., "LocalSet"]


class LocalSet:
    """A running set: its URL, and what it printed."""

    def __init__(self, process: "subprocess.Popen[str]", url: str) -> None:
        self.process = process
        self.client = httpx2.Client(base_url=url, timeout=30)
        self.printed: list[str] = []

    def wait(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed.append(line)
            if "Ctrl-C" in line:
                return
        raise AssertionError("".join(self.printed))

    def stop(self) -> None:
        """Ends the set as an operator does, and waits for it."""
        self.client.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def publish(self, topic: str, message: object) -> httpx2.Response:
        data = base64.b64encode(json.dumps(message).encode()).decode()
        return self.client.post(f"/v1/projects/local/topics/{topic}:publish", json={"messages": [{"data": data}]})

    def bus(self) -> dict[str, object]:
        for _ in range(200):
            state = self.client.get("/local/bus").json()
            if state["under_way"] == 0:
                return state
            time.sleep(0.05)
        raise AssertionError("the bus is never idle")


def started_set(folder: Path, *arguments: str, **settings: str) -> LocalSet:
    """A set that keeps its files in a folder, once it is ready."""
    port = int(settings.get("PORT") or free_port())
    environ = {**os.environ, "PORT": str(port), "STORE": f"sqlite:///{folder}/ion.sqlite3", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "ion_mentoring.local.serve", "--root", ROOT.parent, *arguments],
        env=environ | settings,
        stdout=subprocess.PIPE,
        text=True,
    )
    started = LocalSet(process, f"http://127.0.0.1:{port}")
    started.wait()
    return started


@contextmanager
def running_set(folder: Path, **settings: str) -> Iterator[LocalSet]:
    """A set that is stopped at the end."""
    started = started_set(folder, **settings)
    try:
        yield started
    finally:
        started.stop()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    running: list[LocalSet] = []

    def started(*arguments: str, **settings: str) -> LocalSet:
        running.append(started_set(tmp_path, *arguments, **settings))
        return running[-1]

    yield started
    for one in running:
        one.stop()


@pytest.fixture
def stand_in() -> Iterator[str]:
    """A vendor's server in a process of its own: its address, without a path."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.vendors.server", "--pieces", "3"], cwd=ROOT.parent, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.terminate()
    process.wait(10)
    process.stdout.close()
