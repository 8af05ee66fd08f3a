"""A function served as on the platform, on one core, and the load that asks it from another."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2

from ion_mentoring.local.parts import free_port

ROOT: Final = Path(__file__).resolve().parent.parent
SERVER_CORE: Final = "0"
LOAD_CORE: Final = "1"
CONNECTIONS: Final = 32
POLL_S: Final = 0.002
STARTS_WITHIN_S: Final = 90.0  # another program's start on a busy core


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to measure with: a GET of `/`, or a POST where there is a body; `expects` has to be in the first answer."""

    path: str = "/"
    body: Mapping[str, object] | None = None
    headers: Mapping[str, str] | None = None
    expects: str = ""

    def send(self, client: httpx2.Client) -> httpx2.Response:
        """Sends it once."""
        if self.body is None:
            return client.get(self.path)
        return client.post(self.path, json=dict(self.body), headers=dict(self.headers or {}))

    def script(self) -> str:
        """The same for wrk."""
        if self.body is None:
            return f'wrk.method = "GET"\nwrk.path = "{self.path}"\n'
        headers = {"content-type": "application/json", **(self.headers or {})}
        lines = [f'wrk.headers["{name}"] = "{value}"' for name, value in headers.items()]
        body = json.dumps(self.body, ensure_ascii=False)
        return "\n".join(['wrk.method = "POST"', f'wrk.path = "{self.path}"', f"wrk.body = [==[{body}]==]", *lines, ""])


@dataclass(frozen=True, slots=True)
class Instance:
    """A function that is served: where (without a slash at the end), and the first of its processes."""

    url: str
    pid: int


@contextmanager
def instance(main: Path, environ: Mapping[str, str]) -> Iterator[Instance]:
    """A function on its core, once it listens. Its event log is on and goes nowhere."""
    process, port = _start(main, environ)
    at = Instance(f"http://127.0.0.1:{port}", process.pid)
    try:
        with client_of(at) as client:
            _first(client, Asked("/health"), process)
        yield at
    finally:
        _stop(process)


@contextmanager
def program(command: Sequence[str], environ: Mapping[str, str], port: int, ready: str) -> Iterator[Instance]:
    """Another program on the same core, once it answers 200 at the path `ready` of this port. What it prints goes nowhere."""
    process = _on_core(command, {"PATH": os.environ["PATH"], **environ})
    at = Instance(f"http://127.0.0.1:{port}", process.pid)
    try:
        with client_of(at) as client:
            _first(client, Asked(ready), process)
        yield at
    finally:
        _stop(process)


def client_of(at: Instance) -> httpx2.Client:
    """A client of a function that is served."""
    return httpx2.Client(base_url=at.url, timeout=30, trust_env=False)


@contextmanager
def served(main: Path, environ: Mapping[str, str]) -> Iterator[httpx2.Client]:
    """The same as a client of it."""
    with instance(main, environ) as at, client_of(at) as client:
        yield client


def first_answer_s(main: Path, environ: Mapping[str, str], asked: Asked) -> float:
    """Seconds from the start of the process to its first answer."""
    started = time.perf_counter()
    process, port = _start(main, environ)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
            _first(client, asked, process)
            return time.perf_counter() - started
    finally:
        _stop(process)


def requests_a_second(client: httpx2.Client, asked: Asked, seconds: int) -> float:
    """The requests a second that one wrk thread with 32 connections gets answered, by 200s alone."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua", encoding="utf-8") as script:
        script.write(asked.script())
        script.flush()
        printed = subprocess.run(
            [
                *("taskset", "-c", LOAD_CORE),
                *("wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", script.name, str(client.base_url)),
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    if "Non-2xx" in printed or "Socket errors" in printed:
        raise SystemExit(f"the load was not answered cleanly:\n{printed}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", printed)
    if found is None:
        raise SystemExit(f"wrk said nothing of requests a second:\n{printed}")
    return float(found.group(1))


@contextmanager
def vendor(*arguments: str) -> Iterator[str]:
    """The stand-in vendor of the tests as a program on the load's core: where it listens, without a path."""
    process = subprocess.Popen(
        ["taskset", "-c", LOAD_CORE, sys.executable, "-m", "tests.vendors.server", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process.stdout.readline().strip() if process.stdout else ""
    finally:
        _stop(process)
        if process.stdout:
            process.stdout.close()


def _start(main: Path, environ: Mapping[str, str]) -> tuple["subprocess.Popen[bytes]", int]:
    port = free_port()
    framework = str(Path(sys.executable).with_name("functions-framework"))
    command = (framework, "--target", "handle", "--source", str(main), "--host", "127.0.0.1", "--port", str(port))
    own = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return _on_core(command, own | dict(environ)), port


def _on_core(command: Sequence[str], environ: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        ["taskset", "-c", SERVER_CORE, *command],
        env=dict(environ),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def _first(client: httpx2.Client, asked: Asked, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while True:
        try:
            response = asked.send(client)
        except httpx2.TransportError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("the function did not start") from None
            time.sleep(POLL_S)
            continue
        if response.status_code != httpx2.codes.OK or asked.expects not in response.text:
            raise SystemExit(f"{asked.path} would measure something else: it answered {response.text[:300]!r}")
        return


def _stop(process: "subprocess.Popen[Any]") -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    process.wait()
