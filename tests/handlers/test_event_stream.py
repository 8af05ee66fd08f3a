"""Events as they travel: well formed, with heartbeats, at the client's pace, and over when it leaves."""

import asyncio
import json
from collections.abc import AsyncGenerator

import httpx2
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.handlers.web.event_stream import HEARTBEAT, Event, Events, EventStream


class Client:
    """An ASGI client that reads as long as a test wants."""

    def __init__(self, *, takes: int | None = None) -> None:
        self.sent: list[dict] = []
        self.left = asyncio.Event()
        self.takes = takes

    async def receive(self) -> dict:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict) -> None:
        if self.takes is not None and len(self.sent) > self.takes:
            await asyncio.Event().wait()
        self.sent.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


class Source:
    """Events as a test lets them out; knows whether it was closed."""

    def __init__(self, *events: Event, wait: asyncio.Event | None = None) -> None:
        self.events = events
        self.wait = wait
        self.made = 0
        self.closed = False

    async def run(self) -> Events:
        try:
            for event in self.events:
                self.made += 1
                yield event
            if self.wait:
                await self.wait.wait()
        finally:
            self.closed = True


DONE = Event("done", {"content": "안녕\n하세요"}, "s.2")


async def read(body: bytes) -> list[tuple[str, object, str]]:
    """What a client makes of such a body."""

    async def chunks() -> AsyncGenerator[bytes]:
        yield body

    response = httpx2.Response(
        200, headers={"content-type": "text/event-stream"}, content=chunks(), request=httpx2.Request("GET", "http://x")
    )
    return [(event.event, event.json(), event.id) async for event in httpx2.EventSource(response)]


@given(st.text(), st.recursive(st.none() | st.text() | st.integers(), st.lists))
async def test_any_data_travels_whole(text: str, data: object) -> None:
    text = text.encode("utf-8", "replace").decode()
    made = Event("delta", {"text": text, "data": json.loads(json.dumps(data).encode("utf-8", "replace"))}, "s.1")
    assert await read(made.encode()) == [("delta", made.data, "s.1")]


async def test_events_are_sent_one_by_one_and_the_response_ends() -> None:
    client, source = Client(), Source(Event("delta", {"text": "a"}, "s.1"), DONE)
    await EventStream(source.run())({}, client.receive, client.send)
    head, *bodies = client.sent
    headers = dict(head["headers"])
    assert headers[b"content-type"].startswith(b"text/event-stream")
    assert headers[b"cache-control"] == b"no-store"
    assert b"content-length" not in headers
    assert [message["more_body"] for message in bodies] == [True, True, False]
    assert [name for name, _, _ in await read(client.body)] == ["delta", "done"]
    assert source.closed


async def test_heartbeats_come_while_nothing_happens_and_are_no_events() -> None:
    client, go = Client(), asyncio.Event()
    stream = EventStream(Source(DONE, wait=go).run(), heartbeat_s=0.01)
    serving = asyncio.create_task(stream({}, client.receive, client.send))
    await asyncio.sleep(0.1)
    go.set()
    await serving
    assert client.body.count(HEARTBEAT) >= 3
    assert [name for name, _, _ in await read(client.body)] == ["done"]


async def test_a_client_that_leaves_ends_the_events() -> None:
    client, source = Client(), Source(DONE, wait=asyncio.Event())
    serving = asyncio.create_task(EventStream(source.run())({}, client.receive, client.send))
    await asyncio.sleep(0.01)
    client.left.set()
    await asyncio.wait_for(serving, 1)
    assert source.closed
    assert client.sent[-1]["more_body"], "there is nobody to tell that it is over"


async def test_nothing_is_made_ahead_of_a_client_that_does_not_read() -> None:
    client, source = Client(takes=2), Source(*[Event("delta", {}, "x")] * 100)
    serving = asyncio.create_task(EventStream(source.run(), stalled_s=0.05)({}, client.receive, client.send))
    await asyncio.sleep(0.02)
    assert source.made <= 4
    await asyncio.wait_for(serving, 1)
    assert source.closed, "after a while such a client counts as gone"
