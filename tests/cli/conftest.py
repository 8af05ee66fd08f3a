"""The command line as somebody runs it: the installed program, a real set, and servers that are none."""

import hashlib
import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ion_cli.program import main
from ion_mentoring.local.parts import free_port
from ion_mentoring.resources import ROOT
from tests.cli.stand_in import StandIn
from tests.local.conftest import LocalSet

PROGRAM = Path(sys.prefix) / "bin" / "ion"
KEY = "the-key-of-an-administrator"
OURS = ("ION_", "LC_", "LANG", "NO_COLOR", "XDG_CONFIG")


@dataclass(frozen=True, slots=True)
class Ran:
    """A run that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Ion:
    """The program, with an empty home and the URL of a set."""

    url: str
    home: Path

    def environment(self, **settings: str) -> dict[str, str]:
        rest = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return rest | {"ION_URL": self.url, "HOME": str(self.home), "LC_ALL": "C.UTF-8", "TERM": "xterm"} | settings

    def __call__(self, *arguments: str, stdin: bytes | None = None, **settings: str) -> Ran:
        """The run in a pipe."""
        given: dict[str, Any] = {"stdin": subprocess.DEVNULL} if stdin is None else {"input": stdin}
        done = subprocess.run(
            [PROGRAM, *arguments], env=self.environment(**settings), capture_output=True, check=False, timeout=60, **given
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    def at_a_terminal(self, *arguments: str, typed: tuple[tuple[str, str], ...] = (), **settings: str) -> Ran:
        """The run at a terminal: once it shows the first of a pair, the second is typed."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [PROGRAM, *arguments],
            env=self.environment(**settings),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(theirs)
        shown = _played(ours, list(typed))
        os.close(ours)
        return Ran(process.wait(30), shown.decode(), "")


def _take_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _played(terminal: int, typed: list[tuple[str, str]], seconds: float = 45) -> bytes:
    shown, seen, end = b"", 0, time.monotonic() + seconds
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # Linux: the other side is closed
                return shown
            if not piece:
                return shown
            shown += piece
        if typed and typed[0][0].encode() in shown[seen:]:
            seen = len(shown)
            os.write(terminal, typed.pop(0)[1].encode())
    raise AssertionError(shown.decode(errors="replace"))


@pytest.fixture(scope="package")
def local_set(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSet]:
    """One set for all that only asks."""
    port = free_port()
    store = f"sqlite:///{tmp_path_factory.mktemp('set')}/ion.sqlite3"
    keys = f"tests:admin:{hashlib.sha256(KEY.encode()).hexdigest()}"
    process = subprocess.Popen(
        [sys.executable, "-m", "ion_mentoring.local.serve", "--root", ROOT.parent],
        env={**os.environ, "PORT": str(port), "STORE": store, "API_KEYS": keys, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    running = LocalSet(process, f"http://localhost:{port}")
    running.wait()
    yield running
    running.stop()


@pytest.fixture
def ion(local_set: LocalSet, tmp_path: Path) -> Ion:
    return Ion(str(local_set.client.base_url).rstrip("/"), tmp_path)


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    with StandIn() as server:
        yield server


@pytest.fixture
def elsewhere(stand_in: StandIn, tmp_path: Path) -> Ion:
    """The program, asking the stand-in."""
    return Ion(stand_in.url, tmp_path)


@pytest.fixture
def inside(
    stand_in: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """The program in this process, asking the stand-in: for what needs no process of its own."""
    for name in [name for name in os.environ if name.startswith(OURS)]:
        monkeypatch.delenv(name)
    for name, value in {"ION_URL": stand_in.url, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}.items():
        monkeypatch.setenv(name, value)

    def ran(*arguments: str) -> Ran:
        code = main(arguments)
        return Ran(code, *capsys.readouterr())

    return ran
