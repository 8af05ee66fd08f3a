"""A connection takes so much, waits so long, and says in our form what it does not take."""

import asyncio
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.requests import Request

from ion_mentoring.handlers.web.app import App
from ion_mentoring.handlers.web.call import Call, Endpoint, Endpoints
from ion_mentoring.handlers.web.connection import HEAD_FIELDS
from ion_mentoring.handlers.web.responses import json_response
from ion_mentoring.telemetry.events import EventLog
from tests.fakes import Reports
from tests.handlers.wire import Loop, Wire, heard, wires

GET = b"GET /x HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


class Anything(BaseModel):
    """Any object."""


class Server:
    """A function with one path behind the real connection; GET waits until it is let go."""

    def __init__(self, **named: Any) -> None:
        self.let_go = asyncio.Event()
        self.let_go.set()
        self.lines: list[str] = []
        function = App(
            endpoints=Endpoints(
                Endpoint("GET", "/x", self._run, "x"),
                Endpoint("POST", "/x", self._run, "x", Anything),
            ),
            log=EventLog("test", self.lines.append),
            reports=Reports(),
            new_id=lambda: "id-1",
            timeout_s=30,
        )

        async def app(scope: dict, receive: Any, send: Any) -> None:
            response = await function.handle(Request(scope, receive))
            await response(scope, receive, send)

        self.wire = wires(app, **named)
        self.loop: Loop = self.wire.args[2]  # type: ignore[attr-defined]

    async def _run(self, call: Call) -> Any:
        await self.let_go.wait()
        return json_response({"here": True})

    async def statuses(self, wire: Wire) -> list[int]:
        await wire.settled()
        return [one.status for one in heard(bytes(wire.written))]


async def test_a_request_in_any_pieces_is_answered_and_the_next_one_too() -> None:
    server = Server()
    wire = server.wire()
    for byte in GET + b"\r\n" + POST + b"Content-Length: 2\r\n\r\n{}":
        wire.feed(bytes((byte,)))
    assert await server.statuses(wire) == [200, 200]
    assert not wire.closed


@pytest.mark.parametrize(
    "head",
    [
        GET + b"A: " + b"x" * 33_000 + b"\r\n\r\n",
        b"GET /" + b"x" * 33_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        GET + b"A: x\r\n" * HEAD_FIELDS + b"\r\n",
        GET + b"".join(b"A%d: %b\r\n" % (n, b"x" * 400) for n in range(90)) + b"\r\n",
        GET + b"A: " + b"x" * 10_000_000,
        GET + b"A" * 10_000_000,
        b"GET /" + b"x" * 10_000_000,
    ],
    ids=["value", "path", "fields", "together", "endless value", "endless name", "endless path"],
)
@pytest.mark.parametrize("piece", [1_000, 65_536])
async def test_a_head_that_is_too_large_is_a_431_and_the_end(head: bytes, piece: int) -> None:
    server = Server()
    wire = server.wire()
    wire.feed(GET.replace(b"Host", b"Accept-Language: ko\r\nHost") + b"\r\n")
    await wire.settled()
    wire.feed(head, piece)
    _, refused = heard(bytes(wire.written))
    assert (refused.status, refused.code) == (431, "HEADERS_TOO_LARGE")
    assert refused.headers["x-request-id"] == "id-1"
    assert refused.headers["connection"] == "close"
    assert wire.closed
    assert wire.told == ["HEADERS_TOO_LARGE"]


async def test_a_head_of_the_size_that_is_allowed_is_taken() -> None:
    server = Server()
    wire = server.wire()
    wire.feed(GET + b"A: " + b"x" * 300 + b"\r\n" + b"B: y\r\n" * (HEAD_FIELDS - 2) + b"\r\n")
    wire.feed(POST + b"Content-Length: 40000\r\n\r\n" + b" " * 39_998 + b"{}" + GET + b"\r\n")
    assert await server.statuses(wire) == [200, 200, 200]


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /a\xffb HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET http://localhost HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        GET + b"A\xb2: x\r\n\r\n",
        GET + b"A: x\x00y\r\n\r\n",
        POST + b"Content-Length: \xb2\r\n\r\n",
        POST + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
async def test_what_is_no_request_is_a_400_in_our_form(sent: bytes) -> None:
    server = Server()
    wire = server.wire()
    wire.feed(sent)
    await wire.settled()
    (refused,) = heard(bytes(wire.written))
    assert (refused.status, refused.code) == (400, "MALFORMED_REQUEST")
    assert refused.headers["content-type"] == "application/json"
    assert wire.closed


async def test_the_refusal_is_in_the_language_of_whoever_sent_it() -> None:
    wire = Server().wire()
    wire.feed(GET + b"Accept-Language: ko\r\nB: x\r\nA\xb2: x\r\n\r\n")
    assert "요청" in wire.written.decode()


async def test_an_answer_under_way_comes_before_what_follows_it_is_refused() -> None:
    server = Server()
    server.let_go.clear()
    wire = server.wire()
    wire.feed(GET + b"\r\n")
    wire.feed(b"nonsense\r\n\r\n")
    wire.feed(GET + b"\r\n")
    assert wire.written == b""
    server.let_go.set()
    assert await server.statuses(wire) == [200]
    assert wire.closed


@pytest.mark.parametrize("upgrade", [b"websocket", b"h2c", b"\xb2"])
async def test_an_upgrade_is_answered_as_the_plain_request_that_it_is(upgrade: bytes) -> None:
    server = Server()
    wire = server.wire()
    wire.feed(GET + b"Connection: Upgrade\r\nUpgrade: " + upgrade + b"\r\nSec-WebSocket-Version: 13\r\n\r\nmore")
    assert await server.statuses(wire) == [200]
    assert wire.closed


async def test_options_for_the_whole_server_is_a_404_in_our_form() -> None:
    wire = Server().wire()
    wire.feed(b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await wire.settled()
    assert [one.code for one in heard(bytes(wire.written))] == ["NOT_FOUND"]


@pytest.mark.parametrize("sent", [b"GET /", GET, GET + b"A: x", POST[:-2]])
async def test_a_head_that_is_not_complete_in_10_seconds_is_closed_however_it_drips(sent: bytes) -> None:
    server = Server()
    wire = server.wire()
    wire.feed(sent)
    for _ in range(9):
        server.loop.tick(1)
        wire.feed(b"x")
    assert not wire.closed
    server.loop.tick(1)
    assert wire.closed
    assert wire.written == b""


@pytest.mark.parametrize("before", [b"", GET + b"\r\n", b"\r\n"])
async def test_an_idle_connection_is_closed_after_a_minute_whatever_blank_lines_come(before: bytes) -> None:
    server = Server()
    wire = server.wire()
    wire.feed(before)
    await wire.settled()
    for _ in range(59):
        server.loop.tick(1)
        wire.feed(b"\r\n")
    assert not wire.closed
    server.loop.tick(1)
    assert wire.closed


async def test_an_answer_that_takes_long_is_not_cut_by_the_head_behind_it() -> None:
    server = Server()
    server.let_go.clear()
    wire = server.wire()
    wire.feed(GET + b"\r\n" + GET)
    server.loop.tick(60)
    assert not wire.closed
    server.let_go.set()
    assert await server.statuses(wire) == [200]
    server.loop.tick(9)
    assert not wire.closed
    server.loop.tick(1)
    assert wire.closed


async def test_beyond_so_many_connections_one_is_refused_and_the_others_go_on() -> None:
    server = Server(most=2)
    first, second, third = server.wire(), server.wire(), server.wire()
    assert [one.code for one in heard(bytes(third.written))] == ["OVERLOADED"]
    assert heard(bytes(third.written))[0].headers["retry-after"] == "1"
    assert third.closed
    second.close()
    await asyncio.sleep(0)
    fourth = server.wire()
    for wire in (first, fourth):
        wire.feed(GET + b"\r\n")
        assert await server.statuses(wire) == [200]


async def test_a_trailer_that_never_ends_is_refused() -> None:
    server = Server()
    wire = server.wire()
    wire.feed(POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nTrailer: ")
    wire.feed(b"x" * 40 * 1024)
    await wire.settled()
    assert wire.closed
    assert [one.code for one in heard(bytes(wire.written))] == ["HEADERS_TOO_LARGE"]


async def test_a_body_that_never_ends_is_cut() -> None:
    server = Server()
    wire = server.wire()
    wire.feed(POST + b"Transfer-Encoding: chunked\r\n\r\n")
    for _ in range(17 * 16):
        wire.feed(b"10000\r\n" + b" " * 65_536 + b"\r\n")
    await wire.settled()
    assert wire.closed


async def test_a_field_after_the_body_is_no_field_of_the_head() -> None:
    server = Server()
    wire = server.wire()
    wire.feed(POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Late: 1\r\n\r\n")
    assert await server.statuses(wire) == [200]


async def test_a_shutdown_waits_for_an_answer_and_not_for_a_body() -> None:
    server = Server()
    server.let_go.clear()
    answered, silent, idle = server.wire(), server.wire(), server.wire()
    answered.feed(GET + b"\r\n")
    silent.feed(POST + b"Content-Length: 9\r\n\r\n{")
    await asyncio.sleep(0)
    for wire in (answered, silent, idle):
        wire.connection.shutdown()
    assert (answered.closed, silent.closed, idle.closed) == (False, False, True)
    server.loop.tick(1)
    assert silent.closed
    assert not answered.closed
    server.let_go.set()
    assert await server.statuses(answered) == [200]
    assert answered.closed


async def test_a_body_that_comes_in_time_is_still_answered_in_a_shutdown() -> None:
    server = Server()
    wire = server.wire()
    wire.feed(POST + b"Content-Length: 2\r\n\r\n{")
    await asyncio.sleep(0)
    wire.connection.shutdown()
    wire.feed(b"}")
    assert await server.statuses(wire) == [200]
    server.loop.tick(1)
    assert wire.closed
