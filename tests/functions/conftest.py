"""Functions as processes, served by functions-framework as on the platform."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from ion_mentoring.local.parts import free_port
from ion_mentoring.resources import ROOT

REPOSITORY = ROOT.parent

Start = Callable[..., tuple[subprocess.Popen[bytes], str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a function with an environment, and gives its process and URL once it is alive."""
    running: list[subprocess.Popen[bytes]] = []

    def started(name: str, **environ: str) -> tuple[subprocess.Popen[bytes], str]:
        port = free_port()
        program = Path(sys.executable).with_name("functions-framework")
        main = REPOSITORY / "functions" / name / "main.py"
        process = subprocess.Popen(
            [program, "--target", "handle", "--source", main, "--port", str(port), "--host", "127.0.0.1"],
            env={**os.environ, "STORE": f"sqlite:///{tmp_path}/ion.sqlite3", **environ},
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # the server forks: what kills it has to reach its worker, too
        )
        running.append(process)
        url = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                httpx2.get(f"{url}/health")
                return process, url
            except httpx2.HTTPError:
                time.sleep(0.05)
        raise AssertionError(f"{name} did not start")

    yield started
    for process in running:
        kill(process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Ends a server and its worker at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
