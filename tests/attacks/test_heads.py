"""Heads that are too large, too many or never whole, and connections that nobody uses."""

import contextlib
import socket
import time
from pathlib import Path

import pytest

from tests.attacks import sets, wire

pytestmark = pytest.mark.proof

KIB = 1024
MARGIN_S = 4


def _answered(port: int, data: bytes) -> tuple[int | None, bytes]:
    with wire.connect(port) as link:
        with contextlib.suppress(OSError):
            link.sendall(data)
        link.settimeout(5)
        got = b""
        with contextlib.suppress(OSError):
            while b"\r\n\r\n" not in got and (piece := link.recv(65536)):
                got += piece
            length = int(got.lower().split(b"content-length:")[1].split(b"\r\n")[0]) if b"content-length" in got.lower() else 0
            while len(got.split(b"\r\n\r\n", 1)[-1]) < length and (piece := link.recv(65536)):
                got += piece
        return wire.status_of(got), got.split(b"\r\n\r\n", 1)[-1]


def _large(size: int) -> dict[str, bytes]:
    filler = "x" * size
    return {
        "in a field": wire.head("GET", "/health", [("x-a", filler)]),
        "in a name": wire.head("GET", "/health", [(filler, "a")]),
        "in many fields": wire.head("GET", "/health", [(f"x-{n}", "y" * (size // 40)) for n in range(41)]),
        "in the path": wire.head("GET", f"/health?{filler}"),
        "in the method": wire.head(filler, "/health"),
        "in the version": f"GET /health HTTP/1.1{filler}\r\n\r\n".encode(),
    }


@pytest.mark.parametrize("where", [where for where in _large(1) if where not in {"in the method", "in the version"}])
def test_a_head_over_32_kib_is_refused_in_our_form(strict: sets.Running, where: str) -> None:
    status, body = _answered(strict.port, _large(33 * KIB)[where])
    assert status in {414, 431}, body
    assert wire.is_our_error(body), body


@pytest.mark.parametrize("where", ["in a field", "in many fields"])
def test_a_head_of_16_kib_is_answered(strict: sets.Running, where: str) -> None:
    assert _answered(strict.port, _large(16 * KIB)[where])[0] == 200


def test_more_than_100_fields_are_refused_in_our_form(strict: sets.Running) -> None:
    for fields, wanted in ((120, 431), (10_000, 431), (80, 200)):
        status, body = _answered(strict.port, wire.head("GET", "/health", [("a", "b")] * fields))
        assert status == wanted, f"{fields} fields"
        assert wanted == 200 or wire.is_our_error(body)


@pytest.mark.parametrize("where", _large(1))
def test_a_head_without_end_is_cut_off_early(tmp_path: Path, where: str) -> None:
    with sets.running(tmp_path, sets.STRICT) as found:
        wire.call(found.port, "GET", "/health")
        before, taken = found.peak_memory_mib(), 0
        start = _large(KIB)[where].rstrip().removesuffix(b"HTTP/1.1").rstrip()
        with wire.connect(found.port) as link, contextlib.suppress(OSError):
            link.sendall(start)
            for _ in range(40):
                link.sendall(b"x" * KIB * KIB)
                taken += 1
        assert taken < 16, "MiB were taken"
        assert found.peak_memory_mib() - before < 32
        assert wire.call(found.port, "GET", "/health").status == 200


STARTS = {
    "nothing": b"",
    "half a line": b"GET /hea",
    "a line": b"GET /health HTTP/1.1\r\n",
    "fields": b"GET /health HTTP/1.1\r\nhost: localhost\r\nx-a: b\r\n",
    "empty lines": b"\r\n\r\n",
}


def test_a_head_that_is_not_whole_after_10_seconds_is_closed(strict: sets.Running) -> None:
    with contextlib.ExitStack() as links:
        began = time.monotonic()
        opened = {what: links.enter_context(wire.connect(strict.port)) for what in STARTS}
        dripped = links.enter_context(wire.connect(strict.port))
        again = links.enter_context(wire.connect(strict.port))
        for what, link in opened.items():
            link.sendall(STARTS[what])
        dripped.sendall(STARTS["fields"])
        again.sendall(wire.head("GET", "/health") + STARTS["fields"])
        with contextlib.suppress(OSError):
            for _ in range(10 + MARGIN_S):
                dripped.sendall(b"x")
                time.sleep(1)
        links_left = {**opened, "a letter a second": dripped, "a second head": again}
        kept = [what for what, link in links_left.items() if wire.until_closed(link, 0.5)[1] is None]
        assert time.monotonic() - began < 30
        # a connection that said nothing at all is idle, which has more time
        assert [what for what in kept if what not in {"nothing", "empty lines"}] == []


@pytest.mark.proof
def test_a_connection_that_is_idle_for_60_seconds_is_closed(strict: sets.Running) -> None:
    with wire.connect(strict.port) as fresh, wire.connect(strict.port) as used:
        used.sendall(wire.head("GET", "/health"))
        time.sleep(0.5)
        for link in (fresh, used):
            _, after = wire.until_closed(link, 60 + 2 * MARGIN_S)
            assert after is not None, "it is open"


def test_two_thousand_half_heads_are_gone_in_time_and_all_is_well(strict: sets.Running) -> None:
    with contextlib.ExitStack() as links:
        opened: list[socket.socket] = []
        for _ in range(2000):
            with contextlib.suppress(OSError):
                opened.append(links.enter_context(wire.connect(strict.port, 2)))
                opened[-1].sendall(STARTS["fields"])
        assert wire.call(strict.port, "GET", "/health").status in {200, 503}
        time.sleep(10 + MARGIN_S)
        kept = sum(1 for link in opened if wire.until_closed(link, 0.001)[1] is None)
        assert kept == 0
    assert wire.call(strict.port, "GET", "/health").status == 200
