"""Whole heads that are no ordinary requests: of another protocol, of a rare method, or for somebody else."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests.attacks import sets, wire

pytestmark = pytest.mark.slow

WEBSOCKET = [
    ("connection", "Upgrade"),
    ("upgrade", "websocket"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ("sec-websocket-version", "13"),
]
ODD: dict[str, bytes] = {
    **{f"a websocket at {path}": wire.head("GET", path, WEBSOCKET) for path in ("/", "/health", "/api/v2/process", "/nowhere")},
    "a websocket that is not whole": wire.head("GET", "/", WEBSOCKET[:2]),
    "a websocket of another version": wire.head("GET", "/", [*WEBSOCKET[:3], ("sec-websocket-version", "\xb2")]),
    "an upgrade to HTTP/2": wire.head("GET", "/health", [("connection", "upgrade, http2-settings"), ("upgrade", "h2c")]),
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "the hello of TLS": bytes.fromhex("16030100c8010000c40303") + bytes(200),
    **{
        f"the method {name}": wire.head(name, "/health")
        for name in ("TRACE", "PROPFIND", "SEARCH", "BREW", "get", "LINK", "PURGE")
    },
    **{
        f"the method {name} where one asks": wire.head(name, "/api/v2/process")
        for name in ("TRACE", "OPTIONS", "PATCH", "MKCOL")
    },
    "options of everything": b"OPTIONS * HTTP/1.1\r\nhost: localhost\r\n\r\n",
    "a tunnel": b"CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example:443\r\n\r\n",
    "an address of elsewhere": b"GET http://evil.example/nowhere HTTP/1.1\r\nhost: localhost\r\n\r\n",
    "a path without a slash": b"GET nowhere HTTP/1.1\r\nhost: localhost\r\n\r\n",
    "no host": b"GET /nowhere HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /nowhere HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
    "lines that end in LF": b"GET /nowhere HTTP/1.1\nhost: localhost\n\n",
    "a field in two lines": b"GET /nowhere HTTP/1.1\r\nhost: localhost\r\nx-a: b\r\n c\r\n\r\n",
    "two lengths": b"POST /chat HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
    "a length and pieces": b"POST /a HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "a quality that is a square": wire.head("GET", "/nowhere", [("accept-language", "ko;q=\xb2")]),
    "an expectation": wire.head("GET", "/nowhere", [("expect", "\xb2")]),
}


@pytest.fixture(scope="module")
def answers(strict: sets.Running) -> dict[str, bytes]:
    """What comes for each, over a connection of its own, until that is closed or a second is over."""
    with ExitStack() as stack:
        links = {what: stack.enter_context(wire.connect(strict.port)) for what in ODD}
        for what, link in links.items():
            link.sendall(ODD[what])
        with ThreadPoolExecutor(len(links)) as at_once:
            said = at_once.map(lambda link: wire.until_closed(link, 1)[0], links.values())
            return dict(zip(links, said, strict=True))


@pytest.mark.parametrize("what", ODD)
def test_an_odd_head_gets_an_answer_of_ours(answers: dict[str, bytes], what: str) -> None:
    got = answers[what]
    head, _, body = got.partition(b"\r\n\r\n")
    status = wire.status_of(got)
    assert status is not None
    assert status < 500, body
    assert status < 400 or wire.is_our_error(body), body
    assert b"x-request-id:" in head.lower()


def test_what_is_no_request_after_a_head_request_gets_a_whole_answer(strict: sets.Running) -> None:
    with wire.connect(strict.port) as link:
        link.sendall(wire.head("HEAD", "/health"))
        assert wire.status_of(link.recv(65536)) == 200
        link.sendall(b"\xcb / HTTP/1.1\r\n\r\n")
        got, _ = wire.until_closed(link, 2)
    assert wire.is_our_error(got.partition(b"\r\n\r\n")[2]), got
