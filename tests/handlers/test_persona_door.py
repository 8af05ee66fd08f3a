"""A persona's door from inside: replies, streams, and errors that say what they had cost."""

import asyncio
import json

import httpx2
import pytest

from ion_mentoring.errors import ModelUnavailable
from ion_mentoring.handlers.persona import PersonaEndpoints
from ion_mentoring.handlers.web.app import App
from ion_mentoring.handlers.web.call import Endpoints
from ion_mentoring.models.protocol import Delta, Say, Started
from ion_mentoring.personas.contract import Mentor, PersonaRequest, Reply
from ion_mentoring.resilience.breaker import Breaker
from ion_mentoring.resilience.concurrency import ConcurrencyLimit
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.usage.meter import ModelCall, Usage, UsageMeter
from tests.fakes import Clock, Reports, SpyMentor, client

QUESTION = {"text": "hi", "key": {"tone": "calm", "pace": "medium", "intent": "learning"}}
STREAM = {"accept": "text/event-stream"}


class Costly:
    """Says half of something, for money, and breaks off."""

    async def answer(self, question: PersonaRequest, meter: UsageMeter, say: Say | None) -> Reply:
        if say:
            say(Delta("half"))
            say(Started())
        meter.calls.append(ModelCall("m", Usage(3, 1)))
        raise ModelUnavailable("broke off", retry_after_s=4)


def door(mentor: Mentor, lines: list[str] | None = None, *, concurrency: ConcurrencyLimit | None = None) -> App:
    log = EventLog("lua", write=(lines if lines is not None else []).append)
    breakers = {"m": Breaker(failures=1, rest_s=60, now=Clock())}
    endpoints = PersonaEndpoints("lua", mentor, log, concurrency or ConcurrencyLimit(1, 0), breakers).endpoints()
    return App(Endpoints(*endpoints), log, Reports(), lambda: "an-id", timeout_s=5)


async def streamed(function: App) -> list[tuple[str, dict]]:
    async with client(function) as asked, asked.stream("POST", "/answer", json=QUESTION, headers=STREAM) as response:
        return [(event.event, json.loads(event.data)) async for event in httpx2.EventSource(response)]


async def test_a_whole_reply_is_logged_with_its_tokens_and_without_its_words() -> None:
    lines: list[str] = []
    async with client(door(SpyMentor("lua"), lines)) as asked:
        reply = (await asked.post("/answer", json=QUESTION)).json()
    assert reply["content"] == "lua says 1"
    assert (json.loads(lines[0])["input_tokens"], json.loads(lines[0])["streamed"]) == (10, False)
    assert "says" not in lines[0]


async def test_a_streamed_reply_ends_with_the_whole_one() -> None:
    events = await streamed(door(SpyMentor("lua")))
    assert [name for name, _ in events] == ["delta", "delta", "delta", "done"]
    assert "".join(data["text"] for name, data in events if name == "delta") == events[-1][1]["content"]


async def test_an_error_says_what_it_had_cost_and_until_when() -> None:
    async with client(door(Costly())) as asked:
        response = await asked.post("/answer", json=QUESTION)
    assert (response.status_code, response.headers["retry-after"]) == (503, "4")
    (spent,) = response.json()["error"]["details"]["spent"]
    assert (spent["model"], spent["usage"]["input_tokens"], spent["usage"]["output_tokens"]) == ("m", 3, 1)


async def test_a_stream_that_breaks_off_says_the_same_at_its_end() -> None:
    events = await streamed(door(Costly()))
    assert [name for name, _ in events] == ["delta", "restart", "error"]
    details = events[-1][1]["error"]["details"]
    assert (details["retry_after_s"], details["spent"][0]["model"]) == (4, "m")


async def test_a_function_that_is_full_says_so_at_once() -> None:
    concurrency = ConcurrencyLimit(1, 0)
    async with concurrency.slot(), client(door(SpyMentor("lua"), concurrency=concurrency)) as asked:
        response = await asked.post("/answer", json=QUESTION)
    assert (response.status_code, response.json()["error"]["code"]) == (503, "OVERLOADED")


async def test_health_shows_how_its_models_stand() -> None:
    async with client(door(SpyMentor("lua"))) as asked:
        assert (await asked.get("/health")).json()["models"] == {"m": "closed"}


@pytest.mark.parametrize(("sent_ms", "allowed"), [("1", False), ("60000", True)])
async def test_a_callers_deadline_holds_here_too(sent_ms: str, allowed: bool) -> None:
    class Patient(SpyMentor):
        async def answer(self, question: PersonaRequest, meter: UsageMeter, say: Say | None) -> Reply:
            await asyncio.sleep(0.02)
            return await super().answer(question, meter, say)

    async with client(door(Patient("lua"))) as asked:
        response = await asked.post("/answer", json=QUESTION, headers={"x-deadline-ms": sent_ms})
    assert (response.status_code == 200) is allowed
