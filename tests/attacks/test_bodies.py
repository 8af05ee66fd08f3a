"""Bodies that never come, or come too slowly: 408 in time, no error in the log, and no shutdown that waits for them."""

import contextlib
import socket
import threading
import time
from pathlib import Path

import pytest

from tests.attacks import sets, wire

pytestmark = pytest.mark.proof

MOST_S, MARGIN_S = 30, 6
KEY = ("x-api-key", sets.SERVICE)
JSON = ("content-type", "application/json")
STARTS = {
    "a body that never comes": ([("content-length", "100")], b""),
    "a body that stops": ([("content-length", "100")], b'{"user_input": "'),
    "pieces that never come": ([("transfer-encoding", "chunked")], b""),
    "a piece that stops": ([("transfer-encoding", "chunked")], b"10\r\n{"),
    "pieces that never end": ([("transfer-encoding", "chunked")], b"2\r\n{}\r\n"),
}


def _dripping(link: socket.socket, ended: threading.Event) -> None:
    with contextlib.suppress(OSError):
        while not ended.wait(1):
            link.sendall(b" ")


def test_a_body_that_does_not_come_in_30_seconds_is_a_408(tmp_path: Path) -> None:
    with sets.running(tmp_path, sets.STRICT) as found, contextlib.ExitStack() as links:
        began = time.monotonic()
        opened = {}
        for what, (fields, start) in STARTS.items():
            opened[what] = links.enter_context(wire.connect(found.port))
            opened[what].sendall(wire.head("POST", "/api/v2/process", [KEY, JSON, *fields]) + start)
        slow = opened["a letter a second"] = links.enter_context(wire.connect(found.port))
        slow.sendall(wire.head("POST", "/api/v2/process", [KEY, JSON, ("content-length", "1000")]))
        ended = threading.Event()
        threading.Thread(target=_dripping, args=(slow, ended), daemon=True).start()
        time.sleep(MOST_S + MARGIN_S / 2)
        said = {what: wire.until_closed(link, 1)[0] for what, link in opened.items()}
        ended.set()
        assert time.monotonic() - began < MOST_S + 3 * MARGIN_S
        assert {what: wire.status_of(raw) for what, raw in said.items()} == dict.fromkeys(opened, 408)
        assert all(wire.is_our_error(raw.split(b"\r\n\r\n", 1)[1]) for raw in said.values())
        assert '"severity":"ERROR"' not in found.said().replace(" ", "")


def test_who_may_not_ask_is_refused_before_the_body_comes(strict: sets.Running) -> None:
    with wire.connect(strict.port) as link:
        link.sendall(wire.head("POST", "/api/v2/process", [JSON, ("content-length", "1000000")]))
        got, _ = wire.until_closed(link, 2)
        assert wire.status_of(got) == 401


def test_a_body_that_is_said_to_be_too_large_is_refused_before_it_comes(strict: sets.Running) -> None:
    for size in ("1100000", "9" * 18):
        with wire.connect(strict.port) as link:
            link.sendall(wire.head("POST", "/api/v2/process", [KEY, JSON, ("content-length", size)]))
            got, _ = wire.until_closed(link, 2)
            assert wire.status_of(got) == 413, size


def test_a_shutdown_does_not_wait_for_bodies(tmp_path: Path) -> None:
    with sets.running(tmp_path, sets.STRICT) as found, contextlib.ExitStack() as links:
        for fields, start in STARTS.values():
            link = links.enter_context(wire.connect(found.port))
            link.sendall(wire.head("POST", "/api/v2/process", [KEY, JSON, *fields]) + start)
        time.sleep(0.5)
        began = time.monotonic()
        found.process.terminate()
        found.process.wait(40)
        assert time.monotonic() - began < 8
        assert '"severity":"ERROR"' not in found.said().replace(" ", "")
