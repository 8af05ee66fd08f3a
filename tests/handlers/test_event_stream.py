"""Events as they travel: well formed, with heartbeats, at the client's pace, and over when it leaves."""

import asyncio
import json
from collections.abc import AsyncGenerator

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ion_mentoring.errors import MentoringError
from ion_mentoring.handlers.web.event_stream import HEARTBEAT, Emit, Event, EventRun, Events, EventStream, begun


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
    """A run whose events a test lets out: the last one after `wait`; knows whether it has ended."""

    def __init__(self, *events: Event, wait: asyncio.Event | None = None, failure: Exception | None = None) -> None:
        self.events = events
        self.wait = wait
        self.failure = failure
        self.closed = False

    def follow(self) -> Events:
        return EventRun(self._run).follow()

    async def _run(self, emit: Emit) -> None:
        try:
            for event in self.events[:-1]:
                emit(event)
            if self.wait:
                await self.wait.wait()
            for event in self.events[-1:]:
                emit(event)
            if self.failure:
                raise self.failure
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


async def test_all_that_is_there_is_sent_in_one_piece_and_the_response_ends() -> None:
    client, source = Client(), Source(Event("delta", {"text": "a"}, "s.1"), DONE)
    await EventStream(source.follow())({}, client.receive, client.send)
    head, *bodies = client.sent
    headers = dict(head["headers"])
    assert headers[b"content-type"].startswith(b"text/event-stream")
    assert headers[b"cache-control"] == b"no-store"
    assert b"content-length" not in headers
    assert [message["more_body"] for message in bodies] == [True, False]
    assert [name for name, _, _ in await read(client.body)] == ["delta", "done"]
    assert source.closed


async def test_what_comes_later_is_sent_when_it_comes() -> None:
    client, go = Client(), asyncio.Event()
    serving = asyncio.create_task(
        EventStream(Source(Event("delta", {}, "s.1"), DONE, wait=go).follow())({}, client.receive, client.send)
    )
    await asyncio.sleep(0.01)
    assert [name for name, _, _ in await read(client.body)] == ["delta"]
    go.set()
    await serving
    assert [name for name, _, _ in await read(client.body)] == ["delta", "done"]


async def test_heartbeats_come_while_nothing_happens_and_are_no_events() -> None:
    client, go = Client(), asyncio.Event()
    stream = EventStream(Source(DONE, wait=go).follow(), heartbeat_s=0.01)
    serving = asyncio.create_task(stream({}, client.receive, client.send))
    await asyncio.sleep(0.1)
    go.set()
    await serving
    assert client.body.count(HEARTBEAT) >= 3
    assert [name for name, _, _ in await read(client.body)] == ["done"]


async def test_two_hundred_streams_have_one_timer_for_their_heartbeats(monkeypatch: pytest.MonkeyPatch) -> None:
    loop, timers, go = asyncio.get_running_loop(), list[float](), asyncio.Event()
    set_timer = loop.call_at  # which `call_later` calls, too
    monkeypatch.setattr(loop, "call_at", lambda at, *work, **named: (timers.append(at), set_timer(at, *work, **named))[1])
    clients = [Client() for _ in range(200)]

    async def words(emit: Emit) -> None:
        for _ in range(10):
            emit(Event("delta", {}))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        await go.wait()
        emit(DONE)

    streams = [EventStream(EventRun(words).follow(), heartbeat_s=0.5) for _ in clients]
    serving = [asyncio.create_task(one({}, client.receive, client.send)) for one, client in zip(streams, clients, strict=True)]
    for _ in range(60):
        await asyncio.sleep(0)
    assert all(client.body.count(b"event: delta") == 10 for client in clients)
    assert len(timers) == 1
    assert all(len(client.sent) > 5 for client in clients), "each waited again and again"
    await asyncio.sleep(1.0)
    assert all(HEARTBEAT in client.body for client in clients)
    go.set()
    await asyncio.gather(*serving)


async def test_a_stream_that_says_something_now_and_then_has_no_heartbeat() -> None:
    client = Client()

    async def words(emit: Emit) -> None:
        for _ in range(10):
            emit(Event("delta", {}))
            await asyncio.sleep(0.02)
        emit(DONE)

    await EventStream(EventRun(words).follow(), heartbeat_s=0.15)({}, client.receive, client.send)
    assert HEARTBEAT not in client.body


async def test_a_client_that_leaves_while_something_is_sent_ends_the_run_at_once() -> None:
    client, source = Client(), Source(Event("delta", {}), DONE, wait=asyncio.Event())

    async def slow(message: dict) -> None:
        if message.get("body"):
            client.left.set()
            await asyncio.sleep(0.01)

    await asyncio.wait_for(EventStream(source.follow())({}, client.receive, slow), 1)
    assert source.closed


async def test_a_client_that_leaves_ends_the_run() -> None:
    client, source = Client(), Source(Event("delta", {}), DONE, wait=asyncio.Event())
    serving = asyncio.create_task(EventStream(source.follow())({}, client.receive, client.send))
    await asyncio.sleep(0.01)
    client.left.set()
    await asyncio.wait_for(serving, 1)
    assert source.closed
    assert client.sent[-1]["more_body"], "there is nobody to tell that it is over"


async def test_a_client_that_takes_nothing_counts_as_gone_after_a_while() -> None:
    client, source = Client(takes=0), Source(Event("delta", {}), DONE, wait=asyncio.Event())
    serving = asyncio.create_task(EventStream(source.follow(), stalled_s=0.02)({}, client.receive, client.send))
    await asyncio.wait_for(serving, 1)
    assert source.closed


@pytest.mark.parametrize("failure", [LookupError("broke"), None], ids=["an error", "no end"])
async def test_a_run_without_an_end_of_its_own_ends_with_an_error(failure: Exception | None) -> None:
    client = Client()
    stream, raised = EventStream(Source(Event("delta", {}), failure=failure).follow()), list[Exception]()

    async def last(error: Exception) -> Event:
        raised.append(error)
        return Event("error", {})

    stream.last = last
    await stream({}, client.receive, client.send)
    assert [name for name, _, _ in await read(client.body)] == ["delta", "error"]
    assert [type(error) for error in raised] == [type(failure) if failure else MentoringError]


async def test_an_error_before_the_first_event_is_told_while_there_can_be_a_status() -> None:
    source = Source(failure=LookupError("broke"))
    with pytest.raises(LookupError):
        await begun(source.follow())
    well = Source(DONE).follow()
    await begun(well)
    assert well.take() == [DONE]
    await well.leave()


async def test_whoever_leaves_before_the_first_event_ends_the_run() -> None:
    source = Source(DONE, wait=asyncio.Event())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await begun(source.follow())
    assert source.closed
