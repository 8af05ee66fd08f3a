"""One contract for every way to ask a persona: in this process, and over HTTP through a real persona function."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
from functions_framework.aio import create_asgi_app

from ion_mentoring.errors import PersonaUnavailable
from ion_mentoring.mentoring.mentor import LocalMentor
from ion_mentoring.models.playbook.model import PlaybookModel
from ion_mentoring.models.protocol import Message
from ion_mentoring.personas.contract import Mentor, Question
from ion_mentoring.personas.remote import RemoteMentor
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.resonance.key import ResonanceKey
from ion_mentoring.resources import ROOT
from ion_mentoring.telemetry import trace
from ion_mentoring.telemetry.events import EventLog

QUESTION = Question(
    text="코드 리뷰 때마다 싸우게 돼요",
    key=ResonanceKey.parse("frustrated-burst-advice"),
    language="ko",
    history=(Message("user", "앞의 말"), Message("assistant", "앞의 답")),
    feeling="shame",
)


def here() -> Mentor:
    model = PlaybookModel()
    return LocalMentor(load_roster()["lua"], model, model, EventLog("test", write=lambda line: None), timeout_s=5)


@pytest.fixture(params=["here", "remote"])
async def mentor(request: pytest.FixtureRequest) -> AsyncIterator[Mentor]:
    if request.param == "here":
        yield here()
        return
    app = create_asgi_app("handle", str(ROOT.parent / "functions/lua/main.py"), "http")
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app)) as client:
        yield RemoteMentor("http://lua", client, identity=None, timeout_s=5)


async def test_a_question_gets_the_same_reply_either_way(mentor: Mentor) -> None:
    assert await mentor.answer(QUESTION) == await here().answer(QUESTION)


async def remote(handler: object, **options: object) -> RemoteMentor:
    client = httpx2.AsyncClient(transport=httpx2.MockTransport(handler))  # type: ignore[arg-type]
    return RemoteMentor("http://lua", client, **{"identity": None, "timeout_s": 1, **options})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("response", "retry_after_s"),
    [
        (httpx2.Response(500), 1),
        (httpx2.Response(503, headers={"retry-after": "9"}), 9),
        (httpx2.Response(429, headers={"retry-after": "soon"}), 1),
        (httpx2.Response(200, text="garbage"), 1),
        (httpx2.Response(200, json={"content": ""}), 1),
        (httpx2.Response(302, headers={"location": "http://elsewhere"}), 1),
    ],
)
async def test_whatever_else_a_function_does_it_is_unavailable(response: httpx2.Response, retry_after_s: float) -> None:
    mentor = await remote(lambda request: response)
    with pytest.raises(PersonaUnavailable) as raised:
        await mentor.answer(QUESTION)
    assert raised.value.retry_after_s == retry_after_s


async def test_a_function_that_is_not_there_or_too_slow_is_unavailable() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()  # until the client gives up
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, httpx2.AsyncClient() as client:
        for url in (f"http://127.0.0.1:{port}", "http://127.0.0.1:1"):
            with pytest.raises(PersonaUnavailable):
                await RemoteMentor(url, client, identity=None, timeout_s=0.1).answer(QUESTION)


async def test_a_connection_that_was_closed_under_us_is_tried_once_more() -> None:
    tries: list[int] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        tries.append(1)
        if len(tries) == 1:
            raise httpx2.ReadError("closed")
        return httpx2.Response(200, content=reply.model_dump_json())

    reply = await here().answer(QUESTION)
    assert await (await remote(handler)).answer(QUESTION) == reply
    assert len(tries) == 2


async def test_identity_and_trace_travel_along() -> None:
    seen: list[httpx2.Request] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(500)

    async def identity(audience: str) -> str:
        return f"token-for-{audience}"

    trace.CURRENT.set(trace.continued(None))
    mentor = await remote(handler, identity=identity)
    with pytest.raises(PersonaUnavailable):
        await mentor.answer(QUESTION)
    assert seen[0].headers["authorization"] == "Bearer token-for-http://lua"
    assert seen[0].headers["traceparent"] == trace.CURRENT.get().traceparent  # type: ignore[union-attr]
