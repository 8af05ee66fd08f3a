"""The events that requests leave: one for each, with the endpoint's path, and at the end of a stream."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from msgspec.structs import force_setattr

from ion_mentoring.access.api_keys import NewKey
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.wiring.router import build
from tests.fakes import DownMentor, client
from tests.handlers.conftest import LAPTOP

Told = Callable[[str], Awaitable[list[dict[str, Any]]]]

QUESTION = {"user_input": "How do I ask for feedback?"}


@pytest.fixture
def events(capfd: pytest.CaptureFixture[str]) -> Told:
    async def told(name: str) -> list[dict[str, Any]]:
        await asyncio.sleep(0)  # lines of one tick of the loop leave together
        lines = (json.loads(line) for line in capfd.readouterr().out.splitlines() if line.startswith("{"))
        return [line for line in lines if line["message"] == name]

    return told


async def asked(method: str, path: str, **options: Any) -> None:
    async with client(build(RouterSettings.read({**LAPTOP, "LOG_LEVEL": "DEBUG"}))) as router:
        await router.request(method, path, **options)


@pytest.mark.parametrize(
    ("method", "path", "status", "told"),
    [
        ("GET", "/api/v2/personas/lua", 200, "/api/v2/personas/{name}"),
        ("GET", "/api/v2/personas/somebody", 404, "/api/v2/personas/{name}"),
        ("GET", "/what/people/wrote", 404, ""),
    ],
)
async def test_a_request_is_told_once_by_its_endpoints_path(
    events: Told, method: str, path: str, status: int, told: str
) -> None:
    await asked(method, path)
    (event,) = await events("APIRequestEvent")
    assert (event["path"], event["status"], event["success"]) == (told, status, status == 200)
    assert event["execution_time_ms"] > 0


async def test_a_stream_is_told_once_at_its_end(events: Told) -> None:
    await asked("POST", "/api/v2/process", json=QUESTION, headers={"accept": "text/event-stream"})
    (event,) = await events("APIRequestEvent")
    assert (event["status"], event["success"]) == (200, True)


async def test_a_routing_decision_is_told_where_a_question_is_read(events: Told) -> None:
    await asked("POST", "/api/v2/process", json={**QUESTION, "persona": "nana"})
    (event,) = await events("RoutingDecisionEvent")
    assert (event["persona"], event["chosen"], event["caring"], event["detected"]) == ("nana", True, False, True)


async def test_what_no_persona_answers_is_told_with_its_code(events: Told) -> None:
    router = build(RouterSettings.read(LAPTOP))
    (process,) = [endpoint for endpoint in router.endpoints.all if endpoint.path == "/api/v2/process"]
    failover = process.run.__self__.answer.failover  # type: ignore[attr-defined]
    down = dict.fromkeys(failover.mentors, DownMentor())
    force_setattr(failover, "mentors", down)
    force_setattr(failover, "last_resort", {})
    async with client(router) as there:
        assert (await there.post("/api/v2/process", json={**QUESTION, "persona": "lua"})).status_code == 503
    (event,) = await events("PersonaProcessEvent")
    assert (event["persona"], event["success"], event["error"]) == ("lua", False, "PERSONA_UNAVAILABLE")


async def test_a_caller_that_may_not_do_this_is_told(cloud: httpx2.AsyncClient, mentee_key: NewKey, events: Told) -> None:
    sent = {"requests": [QUESTION]}
    response = await cloud.post("/api/v2/bulk-process", json=sent, headers={"x-api-key": mentee_key.secret})
    assert response.status_code == 403
    (event,) = await events("SecurityEvent")
    assert (event["kind"], event["who"], event["path"]) == ("forbidden", "key:kim", "/api/v2/bulk-process")
