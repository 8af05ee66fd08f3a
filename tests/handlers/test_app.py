"""The door itself: deadlines, disconnects, what nobody foresaw, traces."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable

import httpx2
import pytest
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

from ion_mentoring.handlers.web.app import App
from ion_mentoring.handlers.web.call import Call, Endpoint, Endpoints
from ion_mentoring.handlers.web.event_stream import Emit, Event, EventRun, EventStream
from ion_mentoring.handlers.web.responses import json_response
from ion_mentoring.resilience.shutdown import Shutdown
from ion_mentoring.telemetry import trace
from ion_mentoring.telemetry.events import EventLog
from tests.fakes import Reports, client

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def function(run: Callable[[Call], Awaitable[Response]], reports: Reports, lines: list[str]) -> App:
    return App(
        endpoints=Endpoints(Endpoint("GET", "/x", run, "x"), Endpoint("POST", "/x", run, "x", dict)),  # type: ignore[arg-type]
        log=EventLog("test", project="p", write=lines.append),
        reports=reports,
        new_id=lambda: "id-1",
        timeout_s=0.05,
    )


async def alone(asked: App, request: Request) -> Response:
    """A request in a task of its own, as a server begins it: its deadline and its id are not those of the test."""
    return await asyncio.create_task(asked.handle(request))


async def get(
    run: Callable[[Call], Awaitable[Response]], reports: Reports, lines: list[str], **headers: str
) -> httpx2.Response:
    async with client(function(run, reports, lines)) as asked:
        return await asked.get("/x", headers=headers)


async def test_an_answer_that_takes_too_long_is_a_504() -> None:
    async def run(call: Call) -> Response:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets the event")

    response = await get(run, Reports(), [])
    assert response.status_code == 504
    assert response.json()["error"]["code"] == "DEADLINE_EXCEEDED"


async def test_what_nobody_foresaw_is_reported_and_says_nothing() -> None:
    async def run(call: Call) -> Response:
        raise RuntimeError("secret path /etc/passwd")

    reports, lines = Reports(), []
    response = await get(run, reports, lines)
    assert response.status_code == 500
    assert response.json()["error"]["code"] == "INTERNAL_ERROR"
    assert "secret" not in response.text
    assert not any("secret" in line for line in lines)
    assert [type(error) for error in reports.captured] == [RuntimeError]
    assert '"severity":"ERROR"' in lines[0]


async def test_a_request_takes_part_in_its_callers_trace() -> None:
    seen: list[trace.Trace | None] = []

    async def run(call: Call) -> Response:
        seen.append(trace.CURRENT.get())
        EventLog("test", project="p", write=lines.append).info("done")
        return json_response({})

    lines: list[str] = []
    await get(run, Reports(), lines, traceparent=PARENT)
    await get(run, Reports(), lines, traceparent="00-" + "0" * 32 + "-b7ad6b7169203331-01")
    assert seen[0] is not None
    assert seen[1] is not None
    assert seen[0].traceparent.startswith("00-0af7651916cd43dd8448eb211c80319c-")
    assert seen[0].traceparent.endswith("-01")
    assert seen[0].span_id != "b7ad6b7169203331"
    assert seen[1].trace_id != "0" * 32
    assert "projects/p/traces/0af7651916cd43dd8448eb211c80319c" in lines[0]


async def test_a_client_that_went_away_is_no_error() -> None:
    reports, lines = Reports(), []

    async def never(call: Call) -> Response:
        raise AssertionError("no body, no call")

    async def gone() -> dict[str, str]:
        return {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/x",
        "headers": [(b"content-type", b"application/json")],
        "query_string": b"",
        "client": None,
    }
    response = await alone(function(never, reports, lines), Request(scope, gone))
    assert response.status_code == 499
    assert reports.captured == []


class Refusing:
    """A sink that takes no line, and a place for reports that takes none."""

    def __call__(self, line: str) -> None:
        raise LookupError("no line today")

    async def capture(self, error: Exception) -> None:
        raise OSError("no network today")


@pytest.mark.parametrize(("path", "broken"), [("/x", True), ("/nowhere", False)])
async def test_what_breaks_while_it_says_what_broke_still_has_our_form(path: str, broken: bool) -> None:
    async def run(call: Call) -> Response:
        raise RuntimeError("secret")

    refusing = Refusing()
    breaking = function(run, refusing, [])  # type: ignore[arg-type]
    breaking = replace(breaking, log=breaking.log if broken else EventLog("test", refusing))
    async with client(breaking) as asked:
        response = await asked.get(path)
    assert response.status_code == 500
    assert response.json()["error"]["code"] == "INTERNAL_ERROR"
    assert response.json()["request_id"] == response.headers["x-request-id"] == "id-1"
    assert "secret" not in response.text


async def test_a_body_that_does_not_come_is_a_408_and_no_alarm() -> None:
    async def never(call: Call) -> Response:
        raise AssertionError("no body, no call")

    async def silent() -> dict[str, str]:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets the event")

    lines: list[str] = []
    scope = {"type": "http", "method": "POST", "path": "/x", "query_string": b"", "client": None}
    scope["headers"] = [(b"content-type", b"application/json"), (b"content-length", b"9")]
    response = await alone(function(never, Reports(), lines), Request(scope, silent))
    assert response.status_code == 408
    assert response.headers["connection"] == "close"
    assert b'"REQUEST_TIMEOUT"' in response.body
    assert ['"severity":"INFO"' in line for line in lines] == [True]


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "br", "identity, gzip", "²"])
async def test_a_compressed_body_is_a_415(encoding: str) -> None:
    async def never(call: Call) -> Response:
        raise AssertionError("no body, no call")

    headers = [(b"content-type", b"application/json"), (b"content-encoding", encoding.encode("latin-1"))]
    async with client(function(never, Reports(), [])) as asked:
        response = await asked.post("/x", content=gzip.compress(b"{}"), headers=headers)
    assert response.status_code == 415
    assert response.json()["error"]["details"] == {"expected": "identity"}


@pytest.mark.parametrize(
    ("declared", "status"), [("²", 400), ("-1", 400), ("٣", 400), ("1" * 5_000, 413), ("1048577", 413), ("0", 400)]
)
async def test_a_length_of_any_form_is_answered(declared: str, status: int) -> None:
    async def never(call: Call) -> Response:
        raise AssertionError("no body, no call")

    async def empty() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "POST", "path": "/x", "query_string": b"", "client": None}
    scope["headers"] = [(b"content-type", b"application/json"), (b"content-length", declared.encode())]
    assert (await alone(function(never, Reports(), []), Request(scope, empty))).status_code == status


@pytest.mark.parametrize("sent", ["x" * 129, "a b", "ä", ""])
async def test_an_insane_request_id_is_replaced(sent: str) -> None:
    async def run(call: Call) -> Response:
        return json_response({"id": call.request_id})

    async with client(function(run, Reports(), [])) as asked:
        response = await asked.get("/x", headers=[(b"x-request-id", sent.encode("latin-1"))])
    assert response.headers["x-request-id"] == "id-1" == response.json()["id"]


async def test_what_takes_longer_than_this_process_lives_is_refused_for_now() -> None:
    async def run(call: Call) -> Response:
        ending.begin()
        await asyncio.Event().wait()
        raise AssertionError("nobody sets the event")

    ending, lines = Shutdown(grace_s=0.01), []
    async with client(replace(function(run, Reports(), lines), timeout_s=60, shutdown=ending)) as asked:
        response = await asked.get("/x", headers={"accept-language": "ko"})
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "SHUTTING_DOWN"
    assert response.headers["retry-after"] == "1"
    assert '"severity":"WARNING"' in lines[0], "nobody has to get up for this"


async def test_a_stream_that_takes_longer_than_this_process_lives_says_so_at_its_end() -> None:
    async def events(emit: Emit) -> None:
        emit(Event("routing", {}))
        await asyncio.sleep(0)
        ending.begin()
        await asyncio.Event().wait()

    async def run(call: Call) -> Response:
        return EventStream(EventRun(lambda emit: call.bound(events(emit))).follow())

    ending = Shutdown(grace_s=0.01)
    async with client(replace(function(run, Reports(), []), timeout_s=60, shutdown=ending)) as asked:
        response = await asked.get("/x")
    assert response.text.count("event: error") == 1
    assert '"code":"SHUTTING_DOWN"' in response.text
    assert '"retry_after_s":1.0' in response.text
