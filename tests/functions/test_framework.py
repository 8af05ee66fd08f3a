"""The framework's own server gives every request to our function, in our form, over connections that are bounded."""

import socket
import time

import httpx2
import pytest

from ion_mentoring.wiring import framework
from tests.functions.conftest import Start

HEAD = b"Host: localhost\r\nConnection: close\r\n\r\n"


def raw(url: str, sent: bytes) -> bytes:
    """All that comes back for these bytes."""
    address = httpx2.URL(url)
    with socket.create_connection((address.host, address.port or 80), timeout=15) as asked:
        asked.sendall(sent)
        pieces = iter(lambda: asked.recv(65_536), b"")
        return b"".join(pieces)


def test_what_the_framework_would_answer_itself_is_answered_by_the_function(start: Start) -> None:
    _, url = start("lua")
    for line, status in {
        b"TRACE /answer HTTP/1.1": 405,
        b"PROPFIND / HTTP/1.1": 404,
        b"OPTIONS * HTTP/1.1": 404,
        b"GET /a%0ab HTTP/1.1": 404,
        b"GET /robots.txt HTTP/1.1": 404,
        b"GET /favicon.ico HTTP/1.1": 404,
        b"GET /nowhere HTTP/1.1\r\nAccept-Language: ko;q=\xb2": 404,
        b"GET /nowhere HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13": 404,
        b"GET /nowhere HTTP/1.1\r\nA: " + b"x" * 40_000: 431,
        b"\x16\x03\x01": 400,
    }.items():
        answer = raw(url, line + b"\r\n" + HEAD)
        assert answer.startswith(b"HTTP/1.1 %d " % status), line
        assert b'"success":false' in answer, line
        assert b"\r\nx-request-id: " in answer, line


def test_a_stop_does_not_wait_for_a_body_that_does_not_come(start: Start) -> None:
    process, url = start("lua")
    address = httpx2.URL(url)
    with socket.create_connection((address.host, address.port or 80)) as silent:
        silent.sendall(b"POST /answer HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
        httpx2.get(f"{url}/health")
        began = time.monotonic()
        process.terminate()
        process.wait(20)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(("files", "most"), [(64, 8), (256, 72), (1_024, 328), (1_048_576, 1_000), (-1, 1_000), (20, 1)])
def test_there_are_connections_for_as_many_files_as_there_are(files: int, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framework.resource, "getrlimit", lambda which: (files, files))
    assert framework.most_connections() == most
