"""Server-sent events (WHATWG HTML, 9.2) as a response: heartbeats while nothing happens, and an end when nobody listens."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

from pydantic_core import to_json
from starlette.responses import Response

from ion_mentoring.handlers.web.security_headers import DATA

MEDIA_TYPE: Final = "text/event-stream"
ENDS: Final = ("done", "error")  # every stream has exactly one of them, at its end
HEARTBEAT_S: Final = 10.0
HEARTBEAT: Final = b": still here\n\n"
STALLED_S: Final = 30.0  # a client that takes nothing for so long is gone
HEADERS: Final = {**DATA, "cache-control": "no-store", "x-accel-buffering": "no"}

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its name, data that can be made JSON (or is JSON already, as bytes), and its id if it can be resumed from.

    One that is `private`, and what follows it, is not put on record.
    """

    name: str
    data: Any
    id: str = ""
    private: bool = False

    @property
    def ends(self) -> bool:
        """Whether it is the last one of its stream."""
        return self.name in ENDS

    def json(self) -> bytes:
        """The data as one line of JSON."""
        return self.data if isinstance(self.data, bytes) else to_json(self.data)

    def encode(self) -> bytes:
        """The event as it travels."""
        head = f"event: {self.name}\n" + (f"id: {self.id}\n" if self.id else "")
        return head.encode() + b"data: " + self.json() + b"\n\n"


Events = AsyncGenerator[Event]


async def begun(events: Events) -> Events | None:
    """The same events, of which the first is there: what goes wrong before it can still be an error with a status.

    None where there are none.
    """
    first = await anext(events, None)
    if first is None:
        return None

    async def all_of_them() -> Events:
        async with aclosing(events):
            yield first
            async for event in events:
                yield event

    return all_of_them()


class EventStream(Response):
    """Sends events one by one, each only when the client has room for it; closes them as soon as the client is gone."""

    media_type = MEDIA_TYPE

    def __init__(self, events: Events, *, heartbeat_s: float = HEARTBEAT_S, stalled_s: float = STALLED_S) -> None:
        super().__init__(headers=HEADERS)
        del self.headers["content-length"]
        self.events = events
        self._heartbeat_s = heartbeat_s
        self._stalled_s = stalled_s

    async def __call__(self, _scope: Any, receive: Any, send: Any) -> None:
        """Serves the stream to its end, or until the client leaves."""
        left = asyncio.ensure_future(_left(receive))
        try:
            async with aclosing(self.events):
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                while (event := await self._next(send, left)) is not None:
                    await self._sent(send, event.encode())
                if not left.done():
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            return  # the client takes nothing any more
        finally:
            left.cancel()

    async def _next(self, send: Send, left: "asyncio.Future[None]") -> Event | None:
        """The next event, with heartbeats until it is there; None at the end, or when the client has left."""
        coming: asyncio.Future[Event | None] = asyncio.ensure_future(anext(self.events, None))
        try:
            while True:
                await asyncio.wait((coming, left), timeout=self._heartbeat_s, return_when=asyncio.FIRST_COMPLETED)
                if left.done():
                    return None
                if coming.done():
                    return coming.result()
                await self._sent(send, HEARTBEAT)
        finally:
            if not coming.done():
                coming.cancel()
                await asyncio.wait((coming,))

    async def _sent(self, send: Send, body: bytes) -> None:
        async with asyncio.timeout(self._stalled_s):
            await send({"type": "http.response.body", "body": body, "more_body": True})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
