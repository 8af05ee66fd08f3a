"""Every answer is an event in the log, by whichever door it leaves; a bulk call's items are answers like any."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

from ion_mentoring.handlers.web.app import App
from ion_mentoring.telemetry.product import PersonaProcessEvent
from tests.handlers.doors import Door, bulk, process, stream, together, v1_chat, v1_process

Told = Callable[[], Awaitable[list[dict[str, Any]]]]

QUESTION = b'{"user_input": "How do I ask for feedback?"}'
FACTS = set(PersonaProcessEvent._fields)


@pytest.fixture
def events(capfd: pytest.CaptureFixture[str]) -> Told:
    async def told() -> list[dict[str, Any]]:
        await asyncio.sleep(0)  # lines of one tick of the loop leave together
        lines = (json.loads(line) for line in capfd.readouterr().out.splitlines() if line.startswith("{"))
        return [line for line in lines if line["message"] == "PersonaProcessEvent"]

    capfd.readouterr()
    return told


@pytest.mark.parametrize(
    ("door", "answers"),
    [(process, 1), (stream, 1), (bulk, 3), (together, 2), (v1_process, 1), (v1_chat, 1)],
    ids=lambda one: str(one)[:20],
)
async def test_each_answer_is_told_once(laptop: App, events: Told, door: Door, answers: int) -> None:
    assert (await door(laptop, QUESTION)).answer
    told = await events()
    assert len(told) == answers
    assert all(set(event) >= FACTS and event["execution_time_ms"] >= 0 and event["success"] for event in told)


async def test_an_item_that_is_refused_is_no_answer(laptop: App, events: Told) -> None:
    assert (await bulk(laptop, b'{"user_input": ""}')).code == "INVALID_INPUT"
    assert len(await events()) == 2, "those beside it"


@pytest.mark.parametrize(("accepts", "said"), [("ko-KR,ko;q=0.9", "비어"), ("en", "empty"), ("fr", "empty")])
async def test_what_is_wrong_with_an_item_is_said_in_the_callers_language(
    router: httpx2.AsyncClient, accepts: str, said: str
) -> None:
    sent = {"requests": [{"user_input": ""}]}
    response = await router.post("/api/v2/bulk-process", json=sent, headers={"accept-language": accepts})
    whole = await router.post("/api/v2/process", json=sent["requests"][0], headers={"accept-language": accepts})
    assert response.json()["results"][0]["error"]["message"] == whole.json()["error"]["message"]
    assert said in whole.json()["error"]["message"]


async def test_an_item_of_a_bulk_call_is_timed_by_itself(router: httpx2.AsyncClient) -> None:
    sent = {"requests": [{"user_input": f"How do I write report {number}?"} for number in range(40)], "parallel": False}
    began = time.perf_counter()
    results = (await router.post("/api/v2/bulk-process", json=sent)).json()["results"]
    whole_ms = (time.perf_counter() - began) * 1000
    assert sum(result["performance"]["execution_time_ms"] for result in results) <= whole_ms
