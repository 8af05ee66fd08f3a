"""Starts the set as an outsider would, on a free loopback port, and stops only what it started."""

import base64
import contextlib
import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

SERVE = [sys.executable, "-m", "ion_mentoring.local.serve"]
JWT_KEY = "j-" + "7Qw" * 20
ISSUER, AUDIENCE = "https://issuer.example", "ion"


def _key(owner: str) -> str:
    return "ion_" + base64.urlsafe_b64encode(hashlib.sha256(owner.encode()).digest()).decode().rstrip("=")


SERVICE, OTHER, ADMIN = _key("service"), _key("other"), _key("admin")
_ENTRIES = {"acme:service": SERVICE, "other:service": OTHER, "root:admin": ADMIN}

STRICT: Mapping[str, str] = {
    "ENVIRONMENT": "prod",
    "MODEL": "playbook",
    "CACHE_KEY_SECRET": "c-" + "5Rt" * 20,
    "API_KEYS": ",".join(f"{who}:{hashlib.sha256(key.encode()).hexdigest()}" for who, key in _ENTRIES.items()),
    "JWT_ALGORITHM": "HS256",
    "JWT_KEY": JWT_KEY,
    "JWT_ISSUER": ISSUER,
    "JWT_AUDIENCE": AUDIENCE,
    "FORWARDED_HOPS": "1",
    "RATE_LIMIT_PER_MINUTE": "1000000",
}


@dataclass
class Running:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def cpu_s(self) -> float:
        tasks = Path(f"/proc/{self.process.pid}/task")
        total = 0
        for task in tasks.iterdir():
            with contextlib.suppress(OSError):
                total += int((task / "schedstat").read_text().split()[0])
        return total / 1e9

    def peak_memory_mib(self) -> float:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) / 1024

    def said(self) -> str:
        return self.log.read_text(errors="replace")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Of what surrounds the test only the paths and what measures coverage; all else is said."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "TMPDIR"} or name.startswith("COV")}
    return {**kept, **settings}


def is_up(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
        return True
    return False


@contextlib.contextmanager
def running(place: Path, settings: Mapping[str, str], *, files: int | None = None) -> Iterator[Running]:
    """`files` bounds the file descriptors that the set may have."""
    port = free_port()
    store = {"STORE": f"sqlite:///{place / f'ion-{port}.db'}"}
    command = ["sh", "-c", f'ulimit -n {files} && exec "$0" "$@"', *SERVE] if files else SERVE
    log = place / f"set-{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env=environment({**store, **settings, "PORT": str(port)}), stdout=out, stderr=subprocess.STDOUT
        )
    try:
        deadline = time.monotonic() + 60
        while not is_up(port):
            assert process.poll() is None, f"the set ended: {log.read_text()}"
            assert time.monotonic() < deadline, f"the set is not up: {log.read_text()}"
            time.sleep(0.1)
        yield Running(process, port, log)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
