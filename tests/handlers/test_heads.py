"""Whatever head comes, on endpoints that refuse as on those that succeed, there is an answer in our form, and never a 5xx."""

import asyncio
import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from functions_framework.aio import create_asgi_app
from starlette.requests import Request

from ion_mentoring.handlers.web.app import App
from ion_mentoring.handlers.web.call import Endpoints
from ion_mentoring.local.bus import Bus
from ion_mentoring.local.doors import LocalSet
from ion_mentoring.local.topics import Topics
from ion_mentoring.resources import ROOT
from ion_mentoring.settings.router import RouterSettings
from ion_mentoring.telemetry.events import EventLog
from ion_mentoring.wiring.router import build
from tests.fakes import Reports
from tests.handlers.heads import HEAD_ALONE, Heads
from tests.handlers.wire import Heard, Wire, heard, wires

FORMS = ({"success", "error", "request_id", "timestamp"}, {"detail"})
PAGES = ("text/html", "text/css", "text/javascript", "text/event-stream", "application/json")
SEED = 2026

Server = Callable[[], Wire]


@pytest.fixture
def quiet() -> Iterator[None]:
    """Standard output leads nowhere: half a million lines of a log are nothing to read."""
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    yield
    os.dup2(kept, 1)
    os.close(kept)
    os.close(nowhere)


def laptop(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The local set, its functions served by functions-framework."""
    monkeypatch.setenv("STORE", "sqlite:///:memory:")
    monkeypatch.setenv("RATE_LIMIT_PER_MINUTE", "100000000")
    apps = {
        name: create_asgi_app("handle", str(ROOT.parent / "functions" / name / "main.py"), "http")
        for name in ("router", "lua", "batch")
    }
    bus = App(
        endpoints=Endpoints(*Topics(Bus({}, None)).endpoints()),  # type: ignore[arg-type]
        log=EventLog("bus", lambda line: None),
        reports=Reports(),
        new_id=lambda: "id-1",
        timeout_s=5,
    )
    return LocalSet(apps["router"], apps, bus, laptop=True)


def cloud(settings: dict[str, str]) -> Any:
    """The router as it runs in the cloud: without a credential most is a 401, and soon a 429."""
    router = build(RouterSettings.read(settings))

    async def app(scope: dict, receive: Any, send: Any) -> None:
        response = await router.handle(Request(scope, receive))
        await response(scope, receive, send)

    return app


@pytest.fixture(params=["laptop", "cloud"])
async def server(
    request: pytest.FixtureRequest, cloud_settings: dict[str, str], monkeypatch: pytest.MonkeyPatch, quiet: None
) -> Server:
    return wires(laptop(monkeypatch) if request.param == "laptop" else cloud(cloud_settings))


async def answers(server: Server, method: bytes, request: bytes) -> list[Heard]:
    """What is answered to the bytes of a request; a body that does not come is given up, as by a client that leaves."""
    wire = server()
    wire.feed(request)
    await asyncio.sleep(0)
    if wire.connection.cycle is not None and wire.connection.cycle.more_body:
        wire.connection.connection_lost(None)
    await wire.settled()
    found = heard(bytes(wire.written), head=method == HEAD_ALONE)
    if not wire.closed:
        wire.connection.connection_lost(None)
    return [one for one in found if one.status != 100]


def wrong(answer: Heard) -> str:
    """What is wrong with an answer, if anything is."""
    if answer.status >= 500:
        return "a 5xx"
    if "x-request-id" not in answer.headers:
        return "no request id"
    if not answer.body:
        return ""
    kind = answer.headers["content-type"].partition(";")[0]
    if answer.status < 400:
        return "" if kind in PAGES else f"a body of type {kind}"
    return "" if kind == "application/json" and set(json.loads(answer.body)) in FORMS else "an error of another form"


async def every_head_is_answered(server: Server, seed: int, count: int) -> set[int]:
    """The statuses of so many heads."""
    heads, statuses = Heads(seed), set()
    for number in range(count):
        method, request = heads.draw(number)
        for answer in await answers(server, method, request):
            statuses.add(answer.status)
            assert not wrong(answer), (wrong(answer), seed, number, request, answer)
    return statuses


async def test_any_head_is_answered_in_our_form(server: Server) -> None:
    statuses = await every_head_is_answered(server, SEED, 3_000)
    assert {200, 400, 404, 405, 431} <= statuses
    assert statuses & {401, 421}, "the endpoints that refuse were asked"


@pytest.mark.proof
@pytest.mark.parametrize("part", range(10))
async def test_half_a_million_heads_are_answered_in_our_form(server: Server, part: int) -> None:
    statuses = await every_head_is_answered(server, int.from_bytes(os.urandom(4)) + part, 25_000)
    assert {200, 400, 404, 405, 415, 431} <= statuses
