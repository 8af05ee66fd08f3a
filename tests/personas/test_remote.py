"""A persona function that misbehaves in every way is unavailable, left alone, and counted to the token."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ion_mentoring.errors import PersonaBusy, PersonaUnavailable
from ion_mentoring.models.protocol import Delta, Started
from ion_mentoring.personas.contract import PersonaRequest, Reply
from ion_mentoring.personas.remote.client import PersonaClient
from ion_mentoring.personas.remote.mentor import RemoteMentor
from ion_mentoring.personas.variant import Variant
from ion_mentoring.resilience import deadline
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.resilience.deadline import Deadline
from ion_mentoring.telemetry import trace
from ion_mentoring.understanding.resonance.key import DEFAULT_KEY
from ion_mentoring.usage.meter import ModelCall, Usage, UsageMeter
from tests.fakes import Clock, until
from tests.listening import pieces

QUESTION = PersonaRequest(text="12345678", key=DEFAULT_KEY)
REPLY = Reply(content="hello you", persona="lua", model="m", language="en", spent=(ModelCall("m", Usage(5, 6)),))
STREAM = (
    b'event: delta\ndata: {"text": "hello "}\n\n: still here\n\nevent: delta\ndata: {"text": "you", "usage": null}\n\n'
    b"event: done\ndata: " + REPLY.model_dump_json().encode() + b"\n\n"
)
DETAILS = b'{"retry_after_s": 3, "spent": [{"model": "m", "usage": {"input_tokens": 7}}]}'
ERROR = b'event: error\ndata: {"error": {"code": "DEADLINE_EXCEEDED", "details": ' + DETAILS + b"}}\n\n"

Handler = Callable[[httpx2.Request], httpx2.Response]


@dataclass
class Asked:
    """A mentor behind a transport, with all that a test looks at."""

    handler: Handler
    meter: UsageMeter = field(default_factory=UsageMeter)
    clock: Clock = field(default_factory=lambda: Clock(0.0))
    timeout_s: float = 1

    def __post_init__(self) -> None:
        self.breaker = Breaker(failures=2, rest_s=30, now=self.clock)
        client = httpx2.AsyncClient(transport=httpx2.MockTransport(self.handler))
        self.mentor = RemoteMentor(PersonaClient("http://lua", client), self.breaker, self.timeout_s, "m")

    async def parts(self, *, streaming: bool = False) -> list[Any]:
        return [part async for part in pieces(self.mentor, QUESTION, self.meter, streaming=streaming)]


def streamed(body: bytes, status: int = 200) -> Handler:
    return lambda request: httpx2.Response(status, headers={"content-type": "text/event-stream"}, content=body)


def dropping(error: httpx2.TransportError) -> Handler:
    def handler(request: httpx2.Request) -> httpx2.Response:
        raise error

    return handler


@pytest.mark.parametrize(
    ("handler", "streaming", "reason"),
    [
        (lambda request: httpx2.Response(200, text="garbage"), False, "malformed, ValidationError"),
        (streamed(b"event: delta\ndata: garbage\n\n"), True, "malformed, "),
        (streamed(STREAM[:40]), True, "broke off"),
        (dropping(httpx2.ReadError("cut")), False, "broke off, ReadError"),
        (dropping(httpx2.ConnectError("none")), False, "not reached"),
    ],
)
async def test_a_reply_that_is_cut_and_one_that_is_none_have_different_reasons(
    handler: Handler, streaming: bool, reason: str
) -> None:
    with pytest.raises(PersonaUnavailable) as raised:
        await Asked(handler).parts(streaming=streaming)
    assert str(raised.value).startswith(f"persona function: {reason}")


@pytest.mark.parametrize(
    ("response", "kind", "retry_after_s"),
    [
        (httpx2.Response(500), PersonaUnavailable, 1),
        (httpx2.Response(503), PersonaUnavailable, 1),
        (httpx2.Response(503, headers={"retry-after": "9"}), PersonaBusy, 9),
        (httpx2.Response(429, headers={"retry-after": "soon"}), PersonaBusy, 1),
        (httpx2.Response(200, text="garbage"), PersonaUnavailable, 1),
        (httpx2.Response(200, json={"content": ""}), PersonaUnavailable, 1),
        (httpx2.Response(302, headers={"location": "http://elsewhere"}), PersonaUnavailable, 1),
    ],
)
@pytest.mark.parametrize("streaming", [False, True])
async def test_whatever_else_a_function_does_it_is_unavailable(
    response: httpx2.Response, kind: type[PersonaUnavailable], retry_after_s: float, streaming: bool
) -> None:
    asked = Asked(lambda request: response)
    with pytest.raises(PersonaUnavailable) as raised:
        await asked.parts(streaming=streaming)
    assert type(raised.value) is kind
    assert raised.value.retry_after_s == retry_after_s
    assert asked.breaker.state == ("busy" if kind is PersonaBusy else "closed")


async def test_a_stream_comes_as_it_was_sent() -> None:
    assert await Asked(streamed(STREAM)).parts(streaming=True) == [Delta("hello "), Delta("you"), REPLY]


async def test_a_restart_comes_through() -> None:
    body = b"event: restart\ndata: {}\n\n" + STREAM
    assert (await Asked(streamed(body)).parts(streaming=True))[0] == Started()


@given(st.integers(0, len(STREAM) - 1))
async def test_a_stream_cut_at_any_byte_is_the_whole_reply_or_an_error(at: int) -> None:
    asked = Asked(streamed(STREAM[:at]))
    with pytest.raises(PersonaUnavailable):
        await asked.parts(streaming=True)
    assert asked.breaker._failures == 1


@pytest.mark.parametrize(
    "body", [b"event: done\ndata: {}\n\n", b"event: delta\ndata: 7\n\n", b"event: what\ndata: {}\n\n", b""]
)
async def test_events_that_are_none_of_ours_are_an_error(body: bytes) -> None:
    with pytest.raises(PersonaUnavailable):
        await Asked(streamed(body)).parts(streaming=True)


async def test_an_error_in_the_stream_says_what_it_had_cost_and_until_when() -> None:
    asked = Asked(streamed(ERROR))
    with pytest.raises(PersonaUnavailable) as raised:
        await asked.parts(streaming=True)
    assert raised.value.retry_after_s == 3
    assert asked.meter.calls == [ModelCall("m", Usage(7, 0))]


@pytest.mark.parametrize("code", [b"OVERLOADED", b"SHUTTING_DOWN"])
async def test_a_stream_that_is_refused_for_too_much_work_or_by_an_instance_that_ends_is_no_failure(code: bytes) -> None:
    asked = Asked(streamed(ERROR.replace(b"DEADLINE_EXCEEDED", code)))
    with pytest.raises(PersonaBusy):
        await asked.parts(streaming=True)
    assert asked.breaker.state == "busy"


async def test_a_reply_is_counted_as_the_function_counted_it() -> None:
    for streaming, handler in (
        (True, streamed(STREAM)),
        (False, lambda _: httpx2.Response(200, content=REPLY.model_dump_json())),
    ):
        asked = Asked(handler)
        await asked.parts(streaming=streaming)
        assert asked.meter.calls == [ModelCall("m", Usage(5, 6))]


async def test_an_error_form_says_what_it_had_cost() -> None:
    form = {"error": {"code": "X", "details": {"spent": [{"model": "m", "usage": {"input_tokens": 4, "output_tokens": 2}}]}}}
    asked = Asked(lambda request: httpx2.Response(500, json=form))
    with pytest.raises(PersonaUnavailable):
        await asked.parts()
    assert asked.meter.calls == [ModelCall("m", Usage(4, 2))]


@pytest.mark.parametrize("details", [{"spent": 7}, {"spent": [{"model": 1}]}, {}, "x"])
async def test_a_cost_that_is_none_is_no_trouble(details: object) -> None:
    asked = Asked(lambda request: httpx2.Response(500, json={"error": {"code": "X", "details": details}}))
    with pytest.raises(PersonaUnavailable):
        await asked.parts()
    assert asked.meter.calls == []


async def test_an_answer_that_got_lost_is_estimated_as_far_as_it_came() -> None:
    asked = Asked(streamed(STREAM[:45]))
    with pytest.raises(PersonaUnavailable):
        await asked.parts(streaming=True)
    assert asked.meter.calls == [ModelCall("m", Usage(4, 2, estimated=True))]


async def test_what_the_vendor_had_counted_on_the_way_is_better_than_an_estimate() -> None:
    delta = {"text": "hello", "usage": {"input_tokens": 11, "output_tokens": 3, "estimated": False}}
    asked = Asked(streamed(b"event: delta\ndata: " + json.dumps(delta).encode() + b"\n\n"))
    with pytest.raises(PersonaUnavailable):
        await asked.parts(streaming=True)
    assert asked.meter.calls == [ModelCall("m", Usage(11, 3))]


async def test_a_reply_between_two_failures_begins_the_count_again() -> None:
    asked = Asked(streamed(STREAM))
    asked.breaker.failed()
    await asked.parts(streaming=True)
    asked.breaker.failed()
    assert asked.breaker.state == "closed"


async def test_after_two_failures_it_is_not_asked_any_more() -> None:
    seen: list[httpx2.Request] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(500)

    asked = Asked(handler)
    for _ in range(5):
        with pytest.raises(PersonaUnavailable):
            await asked.parts()
    assert (len(seen), asked.breaker.state) == (2, "open")


async def test_a_function_that_is_not_there_or_too_slow_is_unavailable() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()  # until the client gives up
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, httpx2.AsyncClient() as client:
        for url, spent in ((f"http://127.0.0.1:{port}", 1), ("http://127.0.0.1:1", 0)):
            meter = UsageMeter()
            mentor = RemoteMentor(PersonaClient(url, client), Breaker(failures=2, rest_s=30, now=Clock()), 0.1, "m")
            assert await until(PersonaUnavailable, pieces(mentor, QUESTION, meter, streaming=False)) == []
            assert len(meter.calls) == spent


async def test_leaving_closes_the_connection() -> None:
    closed = asyncio.Event()

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"12345678")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n" + STREAM[:45])
        await reader.read()
        closed.set()
        writer.close()

    server = await asyncio.start_server(endless, "127.0.0.1", 0)
    async with server, httpx2.AsyncClient() as client:
        door = PersonaClient(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", client)
        meter = UsageMeter()
        answer = pieces(RemoteMentor(door, Breaker(failures=2, rest_s=30, now=Clock()), 5, "m"), QUESTION, meter)
        assert await anext(answer) == Delta("hello ")
        await answer.aclose()
        await asyncio.wait_for(closed.wait(), 1)
        assert meter.calls == [ModelCall("m", Usage(4, 2, estimated=True))]


async def test_a_connection_that_was_closed_under_us_is_tried_once_more() -> None:
    tries: list[int] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        tries.append(1)
        if len(tries) == 1:
            raise httpx2.ReadError("closed")
        return httpx2.Response(200, content=REPLY.model_dump_json())

    assert await Asked(handler).parts() == [REPLY]
    assert len(tries) == 2


async def test_identity_trace_and_what_is_left_of_the_time_travel_along() -> None:
    seen: list[httpx2.Request] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(500)

    async def identity(audience: str) -> str:
        return f"token-for-{audience}"

    trace.CURRENT.set(trace.continued(None))
    deadline.CURRENT.set(Deadline.after(10))
    client = httpx2.AsyncClient(transport=httpx2.MockTransport(handler))
    mentor = RemoteMentor(PersonaClient("http://lua", client, identity), Breaker(failures=2, rest_s=30, now=Clock()), 30)
    assert await until(PersonaUnavailable, pieces(mentor, QUESTION, UsageMeter())) == []
    headers = seen[0].headers
    assert headers["authorization"] == "Bearer token-for-http://lua"
    assert headers["traceparent"] == trace.CURRENT.get().traceparent  # type: ignore[union-attr]
    assert 6_500 < int(headers["x-deadline-ms"]) <= 7_000, "some is kept for the persona who stands in"
    assert headers["accept"] == "text/event-stream"


async def test_a_drip_of_events_has_the_time_of_one_answer() -> None:
    async def drip() -> AsyncGenerator[bytes]:
        while True:
            await asyncio.sleep(0.02)
            yield b'event: delta\ndata: {"text": "."}\n\n'

    def handler(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=drip())

    asked = Asked(handler, timeout_s=0.1)
    with pytest.raises(PersonaUnavailable, match="too long"):
        await asked.parts(streaming=True)


FAST = Variant(model="fast")


async def test_a_variant_rides_with_the_question_and_comes_back_with_its_pieces() -> None:
    reply = REPLY.model_copy(update={"variant": FAST})
    body = (
        b'event: delta\ndata: {"text": "hello you", "varied": true}\n\nevent: done\ndata: ' + reply.model_dump_json().encode()
    )
    sent: list[Any] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        sent.append(json.loads(request.content))
        return streamed(body + b"\n\n")(request)

    asked = Asked(handler)
    question = QUESTION.model_copy(update={"variant": FAST})
    parts = [part async for part in pieces(asked.mentor, question, asked.meter, streaming=True)]
    assert parts == [Delta("hello you", varied=True), reply]
    assert sent[0]["variant"]["model"] == "fast"


@pytest.mark.parametrize(
    ("variant", "model"), [(FAST, "quick"), (Variant(card="lua-brief"), "m"), (Variant(model="free"), None)]
)
async def test_an_answer_that_is_lost_is_counted_by_the_model_that_may_have_written_it(
    variant: Variant, model: str | None
) -> None:
    asked = Asked(dropping(httpx2.ReadError("cut")))
    asked.mentor = replace(asked.mentor, variants={"fast": "quick"})
    with pytest.raises(PersonaUnavailable):
        await asked.mentor.answer(QUESTION.model_copy(update={"variant": variant}), asked.meter, None)
    assert [call.model for call in asked.meter.calls] == ([model] if model else [])
