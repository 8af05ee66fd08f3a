"""Fields that come after a body in pieces: they are no part of the head, and there is a bound to them."""

import contextlib
from pathlib import Path

import pytest

from tests.attacks import sets, wire

pytestmark = pytest.mark.proof

JSON, PIECES = ("content-type", "application/json"), ("transfer-encoding", "chunked")
KEY = ("x-api-key", sets.SERVICE)
LIMIT = 5


def _in_pieces(body: bytes, *trailers: str) -> bytes:
    return b"%x\r\n%s\r\n0\r\n%s\r\n" % (len(body), body, "".join(f"{line}\r\n" for line in trailers).encode())


def _asked(port: int, path: str, headers: list[tuple[str, str]], data: bytes) -> int | None:
    with wire.connect(port) as link:
        link.sendall(wire.head("POST", path, [JSON, PIECES, *headers]) + data)
        return wire.status_of(link.recv(65536))


def test_a_credential_after_the_body_lets_nobody_in(strict: sets.Running) -> None:
    for line in (f"x-api-key: {sets.SERVICE}", f"authorization: Bearer {sets.SERVICE}"):
        assert _asked(strict.port, "/api/v2/resonance", [], _in_pieces(b'{"text": "Hello"}', line)) in {400, 401}


def test_a_sound_trailer_does_no_harm(strict: sets.Running) -> None:
    assert _asked(strict.port, "/api/v2/resonance", [KEY], _in_pieces(b'{"text": "Hello"}', "x-checksum: 1")) in {200, 400}


def test_an_address_after_the_body_changes_nothing_in_who_is_counted(tmp_path: Path) -> None:
    settings = {**sets.STRICT, "RATE_LIMIT_PER_MINUTE": str(LIMIT), "V1_OPEN": "true"}
    with sets.running(tmp_path, settings) as found:
        here = ("x-forwarded-for", "203.0.113.5")
        lies = [_in_pieces(b'{"message": "Hello"}', f"x-forwarded-for: 9.9.9.{number}") for number in range(LIMIT + 4)]
        codes = [_asked(found.port, "/chat", [here], lie) for lie in lies]
        assert codes[-1] in {400, 429}, codes


ENDLESS = {"one field": (b"x-a: ", b"x" * 1024 * 1024), "many fields": (b"", b"x-a: b\r\n" * 131_072)}


@pytest.mark.parametrize("what", ENDLESS)
def test_trailers_without_end_are_cut_off_early(tmp_path: Path, what: str) -> None:
    start, more = ENDLESS[what]
    with sets.running(tmp_path, sets.STRICT) as found:
        wire.call(found.port, "GET", "/health")
        before, taken = found.peak_memory_mib(), 0
        with wire.connect(found.port, 20) as link, contextlib.suppress(OSError):
            link.sendall(wire.head("POST", "/api/v2/resonance", [KEY, JSON, PIECES]) + b"2\r\n{}\r\n0\r\n" + start)
            for _ in range(40):
                link.sendall(more)
                taken += 1
        assert taken < 16, "MiB were taken"
        assert found.peak_memory_mib() - before < 32
        assert wire.call(found.port, "GET", "/health").status == 200
