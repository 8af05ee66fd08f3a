"""Server-sent events (WHATWG HTML, 9.2) as a response: heartbeats while nothing happens, and an end when nobody listens."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from msgspec import Struct
from pydantic_core import to_json
from starlette.responses import Response

from ion_mentoring.errors import MentoringError
from ion_mentoring.handlers.web.security_headers import DATA
from ion_mentoring.resilience.bounded import bounded
from ion_mentoring.resilience.one_timer import OneTimer, one_timer
from ion_mentoring.resilience.shared_run import Follower, SharedRun

MEDIA_TYPE: Final = "text/event-stream"
ENDS: Final = ("done", "error")  # every stream has exactly one of them, at its end
HEARTBEAT_S: Final = 10.0
HEARTBEAT: Final = b": still here\n\n"
STALLED_S: Final = 30.0  # a client that takes nothing for so long is gone
HEADERS: Final = {**DATA, "cache-control": "no-store", "x-accel-buffering": "no"}

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]


class Event(Struct, frozen=True):
    """One event: its name, data that can be made JSON (or is JSON already, as bytes), and its id if it can be resumed from.

    One that is `private`, and what follows it, is not put on record.
    """

    name: str
    data: Any
    id: str = ""
    private: bool = False

    @property
    def ends(self) -> bool:
        """True if it is the last one of its stream."""
        return self.name in ENDS

    def json(self) -> bytes:
        """The data as one line of JSON."""
        return self.data if isinstance(self.data, bytes) else to_json(self.data)

    def encode(self) -> bytes:
        """The event as it travels."""
        head = f"event: {self.name}\n" + (f"id: {self.id}\n" if self.id else "")
        return head.encode() + b"data: " + self.json() + b"\n\n"


Emit = Callable[[Event], None]
EventRun = SharedRun[Event, None]
Events = Follower[Event, None]


async def begun(events: Events) -> None:
    """Waits for the first event: an error before it is raised here, while it can still be an error with a status."""
    try:
        await events.moves()
        if events.over:
            events.result()
    except BaseException:
        await events.leave()
        raise


async def _unfinished(error: Exception) -> Event:
    raise error


def _untold() -> None:
    """Nobody wants to know that a stream came to its end."""


class EventStream(Response):
    """Sends the events of a run, all that are there in one piece, and leaves the run as soon as the client is gone.

    `last` makes the event of an error that ends the run, or of its missing end; `done` is called after a good end, and `gone`
    where the client left before any.
    """

    media_type = MEDIA_TYPE

    def __init__(self, events: Events, *, heartbeat_s: float = HEARTBEAT_S, stalled_s: float = STALLED_S) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self.last: Callable[[Exception], Awaitable[Event]] = _unfinished
        self.done: Callable[[], None] = _untold
        self.gone: Callable[[], None] = _untold
        self._ended = False
        self._events = events
        self._heartbeat_s = heartbeat_s
        self._stalled_s = stalled_s

    async def __call__(self, _scope: Any, receive: Any, send: Any) -> None:
        """Serves the stream to its end, or until the client leaves."""
        left, heartbeats = asyncio.ensure_future(_left(receive)), one_timer(self._heartbeat_s)
        left.add_done_callback(lambda _: self._events.wake())
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await self._serve(send, left, heartbeats)
        except TimeoutError:
            return  # the client takes nothing any more
        finally:
            left.cancel()
            heartbeats.rest()
            if not self._ended:
                self.gone()
            await self._events.leave()

    async def _serve(self, send: Send, left: "asyncio.Future[None]", heartbeats: OneTimer) -> None:
        ended = well = False
        while not ended:
            events = self._events.take()
            if events:
                ended = well = events[-1].ends
            elif self._events.over:
                events, ended = (await self._end(),), True
            else:
                await self._coming(left, heartbeats)
            if left.done():
                return
            if events:
                await self._sent(send, b"".join([event.encode() for event in events]))
            elif not self._events.moved:
                await self._sent(send, HEARTBEAT)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        self._ended = True
        if well:
            self.done()

    async def _coming(self, left: "asyncio.Future[None]", heartbeats: OneTimer) -> None:
        """Waits for more, a heartbeat's time at most; a client that left while something was sent wakes nobody any more."""
        if not left.done():
            await self._events.moves(heartbeats)

    async def _end(self) -> Event:
        """The last event of a run that ended without one."""
        try:
            self._events.result()
        except Exception as error:  # noqa: BLE001 - whatever ended the run is told by the one handler
            return await self.last(error)
        return await self.last(MentoringError("a stream without its end"))

    async def _sent(self, send: Send, body: bytes) -> None:
        await bounded(_told(send, body), self._stalled_s)


async def _told(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
