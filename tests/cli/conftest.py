"""The command line as somebody runs it: the installed program, a real set, and servers that are none."""

import hashlib
import io
import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ion_cli import server
from ion_cli.program import main
from ion_cli.texts import language
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
        try:
            shown = _played(ours, list(typed))
            return Ran(process.wait(30), shown.decode(), "")
        finally:
            os.close(ours)  # the program, if it still runs, is hung up on
            process.wait(30)


def hears_ctrl_c() -> None:
    """Makes a program end at Ctrl-C, also where the tests were started in the background, which ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _take_terminal() -> None:
    import fcntl
    import termios

    signal.signal(signal.SIGINT, signal.SIG_DFL)
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
        while typed and (place := shown.find(typed[0][0].encode(), seen)) >= 0:
            awaited, answer = typed.pop(0)
            seen = place + len(awaited.encode())
            os.write(terminal, answer.encode())
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
    try:
        running.wait()
        yield running
    finally:
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
def program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[[str], Callable[..., Ran]]]:
    """The program in this process, for what needs no process of its own: asks the set at a URL, and hardly waits."""
    for name in [name for name in os.environ if name.startswith(OURS)]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(server, "WAITS_S", (0.0, 0.01, 0.01, 0.01))
    monkeypatch.setenv("HOME", str(tmp_path))

    def at(url: str) -> Callable[..., Ran]:
        def ran(*arguments: str, stdin: bytes = b"", **settings: str) -> Ran:
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
            for name, value in {"ION_URL": url, "LC_ALL": "C.UTF-8", **settings}.items():
                monkeypatch.setenv(name, value)
            language.cache_clear()
            code = main(arguments)
            return Ran(code, *capsys.readouterr())

        return ran

    yield at
    language.cache_clear()


@pytest.fixture
def inside(stand_in: StandIn, program: Callable[[str], Callable[..., Ran]]) -> Callable[..., Ran]:
    """The program in this process, asking the stand-in."""
    return program(stand_in.url)


@pytest.fixture
def near(ion: Ion, program: Callable[[str], Callable[..., Ran]]) -> Callable[..., Ran]:
    """The program in this process, asking the real set."""
    return program(ion.url)
