"""One connection to the stand-in vendor: h11 speaks HTTP, the plan says where it breaks."""

import asyncio
import json
import socket
import struct
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

import h11

from tests.vendors.plan import Answer, Event, Plan, Request, Wire


class Desk(Protocol):
    """Where a connection takes its requests: decides what to do with them and keeps the books."""

    def received(self, method: str, target: str, headers: dict[str, str], body: Any) -> Request:
        """Writes a request down."""

    def planned(self, request: Request) -> tuple[Wire | None, Answer]:
        """What to answer, by which wire; None where no wire knows the path."""

    def bill(self, request: Request, *, input_tokens: int = 0, output_tokens: int = 0) -> None:
        """Writes tokens into the books."""

    def wrote(self, request: Request, size: int) -> None:
        """Counts bytes of body that were written."""

    def start(self, request: Request, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Runs the work of one request."""


class Connection(asyncio.Protocol):
    """Answers one request after the other; a client that leaves cancels the work on its request."""

    def __init__(self, desk: Desk, opened: Callable[["Connection"], None], lost: Callable[["Connection"], None]) -> None:
        self._desk = desk
        self._opened, self._lost = opened, lost
        self._http = h11.Connection(h11.SERVER)
        self._head: h11.Request | None = None
        self._body = b""
        self._work: asyncio.Task[None] | None = None
        self._writable = asyncio.Event()
        self._sent = 0
        self._plan = Plan()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._writable.set()
        self._opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost(self)
        if self._work:
            self._work.cancel()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def abort(self) -> None:
        """Ends the connection at once."""
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._http.receive_data(data)
        if self._work is None:
            self._read()

    def _read(self) -> None:
        while (event := self._http.next_event()) not in (h11.NEED_DATA, h11.PAUSED):
            match event:
                case h11.Request():
                    self._head, self._body = event, b""
                case h11.Data():
                    self._body += bytes(event.data)
                case h11.EndOfMessage():
                    self._begin()
                case h11.ConnectionClosed():
                    return

    def _begin(self) -> None:
        assert self._head
        headers = {name.decode(): value.decode("latin-1") for name, value in self._head.headers}
        try:
            body = json.loads(self._body)
        except ValueError:
            body = None
        request = self._desk.received(self._head.method.decode(), self._head.target.decode(), headers, body)
        self._work = self._desk.start(request, self._respond(request))

    async def _respond(self, request: Request) -> None:
        wire, answer = self._desk.planned(request)
        self._request, self._plan, self._sent = request, answer.plan, 0
        if not answer.plan.refuses:
            self._desk.bill(answer.request, input_tokens=answer.input_tokens)
        await self._answer(wire, answer)
        self._work = None
        if self._transport.is_closing():
            return
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            self._http.start_next_cycle()
            self._read()
        else:
            self._transport.close()

    async def _answer(self, wire: Wire | None, answer: Answer) -> None:
        plan = answer.plan
        if plan.silent:
            await asyncio.Event().wait()
        if plan.loading:
            await plan.loading.loaded()
        if plan.raw is not None:
            self._transport.write(plan.raw)
            self._transport.close()
            return
        if wire is None or plan.refuses:
            body = b"{}" if wire is None else wire.error(answer)
            await self._send_whole(body, "application/json", answer)
        elif wire.streams(answer.request):
            await self._send_stream(wire, answer)
        else:
            await self._write_text(answer)
            await self._send_whole(wire.whole(answer), "application/json", answer)

    async def _write_text(self, answer: Answer) -> None:
        """Writes a whole answer, which is sent afterwards; what is written is billed, whether or not it is sent."""
        await self._think(answer)
        for number in range(len(answer.plan.pieces)):
            await asyncio.sleep(answer.plan.delay_s if number else 0)
            self._desk.bill(answer.request, output_tokens=answer.plan.tokens_a_piece)

    async def _think(self, answer: Answer) -> None:
        await asyncio.sleep(answer.plan.first_s)
        self._desk.bill(answer.request, output_tokens=answer.plan.thought_tokens)

    async def _send_whole(self, body: bytes, kind: str, answer: Answer) -> None:
        self._send_head(answer, kind)
        if await self._send(answer.plan.body if answer.plan.body is not None else body):
            self._end()

    async def _send_stream(self, wire: Wire, answer: Answer) -> None:
        self._send_head(answer, "text/event-stream")
        await self._think(answer)
        events = wire.events(answer) if answer.plan.body is None else iter((Event(answer.plan.body),))
        written = 0
        for event in events:
            if event.piece:
                await asyncio.sleep(answer.plan.delay_s if written else 0)
            if not await self._send(event.body):
                return
            if event.piece:
                written += 1
                self._desk.bill(answer.request, output_tokens=answer.plan.tokens_a_piece)
        self._end()

    def _send_head(self, answer: Answer, kind: str) -> None:
        headers = {"content-type": kind, "x-request-id": answer.request.id, "transfer-encoding": "chunked"}
        headers |= {name.lower(): value for name, value in answer.plan.headers.items()}
        sent = [(name, value) for name, value in headers.items() if value]
        response = h11.Response(status_code=answer.plan.status, headers=sent)
        self._transport.write(self._http.send(response) or b"")

    async def _send(self, body: bytes) -> bool:
        """Sends bytes of body in slices as the plan has it; False where the plan breaks it off."""
        size = self._plan.slice_bytes or max(1, len(body))
        for start in range(0, len(body), size):
            part = body[start : start + size]
            if self._plan.stop_after is not None and self._sent + len(part) > self._plan.stop_after:
                self._send_part(part[: self._plan.stop_after - self._sent])
                await self._break_off()
                return False
            self._send_part(part)
            await self._writable.wait()
            if self._plan.slice_bytes:
                await asyncio.sleep(self._plan.slice_s)
        return True

    def _send_part(self, part: bytes) -> None:
        self._sent += len(part)
        self._desk.wrote(self._request, len(part))
        self._transport.write(self._http.send(h11.Data(data=part)) or b"")

    async def _break_off(self) -> None:
        match self._plan.then:
            case "hang":
                await asyncio.Event().wait()
            case "end":
                self._end()
            case "close":
                self._transport.close()
            case "abort":
                to: socket.socket = self._transport.get_extra_info("socket")
                to.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closing is then a reset
                self._transport.abort()

    def _end(self) -> None:
        self._transport.write(self._http.send(h11.EndOfMessage()) or b"")
