"""On a laptop only this machine is answered, and no page of a stranger changes anything; elsewhere the bus is closed."""

from collections.abc import Mapping

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from ion_mentoring.handlers.web.app import App
from ion_mentoring.handlers.web.call import Call, Endpoint, Endpoints
from ion_mentoring.handlers.web.responses import json_response
from ion_mentoring.local.doors import LocalSet
from ion_mentoring.local.guard import refusal
from ion_mentoring.telemetry.events import EventLog
from tests.fakes import Reports

INNER = ["/functions/lua/answer", "/functions/batch/", "/v1/projects/local/topics/mentoring-batch:publish", "/local/bus"]


def bus() -> App:
    async def run(call: Call) -> object:
        return json_response({"at": "bus"})

    return App(
        endpoints=Endpoints(*(Endpoint("POST", path, run, "x", limited=False) for path in INNER)),  # type: ignore[arg-type]
        log=EventLog("bus", lambda line: None),
        reports=Reports(),
        new_id=lambda: "id-1",
        timeout_s=5,
    )


async def asked(
    path: str, headers: Mapping[str, str], *, method: str = "POST", laptop: bool = True, host: str = "localhost:8080"
) -> httpx2.Response:
    async def function(scope: dict, receive: object, send: object) -> None:
        await PlainTextResponse("a function")(scope, receive, send)  # type: ignore[arg-type]

    app = LocalSet(function, {"lua": function, "batch": function}, bus(), laptop=laptop)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=f"http://{host}") as client:
        return await client.request(method, path, headers=headers)


@pytest.mark.parametrize("path", ["/api/v2/cache/clear", *INNER])
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:3000"},
        {"origin": "http://localhost:8080.evil.example"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://localhost:8080", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "Cross-Site"},
    ],
)
async def test_no_page_of_a_stranger_changes_anything(path: str, headers: dict[str, str]) -> None:
    response = await asked(path, headers)
    assert response.status_code == 403
    assert response.json()["error"]["code"] == "FORBIDDEN"
    assert response.json()["request_id"] == response.headers["x-request-id"]


@pytest.mark.parametrize(
    "host", ["evil.example:8080", "localhost.evil.example", "127.0.0.1.nip.io", "10.0.0.7:8080", "localhost:x"]
)
@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("POST", "/api/v2/process"), ("GET", "/local/bus")])
async def test_a_foreign_host_is_answered_421(host: str, method: str, path: str) -> None:
    response = await asked(path, {"host": host}, method=method)
    assert response.status_code == 421
    assert response.json()["error"]["code"] == "MISDIRECTED_REQUEST"


@pytest.mark.parametrize("headers", [[], [(b"host", b"localhost"), (b"host", b"evil.example")], [(b"host", b"")]])
def test_a_host_that_is_missing_or_said_twice_is_none_of_ours(headers: list[tuple[bytes, bytes]]) -> None:
    error = refusal("GET", headers)
    assert error is not None
    assert error.status == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:8080", "[::1]"])
@pytest.mark.parametrize(
    "headers", [{}, {"sec-fetch-site": "same-origin", "origin": "own"}, {"sec-fetch-site": "none"}, {"origin": "own"}]
)
async def test_this_machine_and_the_page_of_the_set_itself_are_answered(host: str, headers: dict[str, str]) -> None:
    own = {name: f"http://{host.lower()}" if value == "own" else value for name, value in headers.items()}
    response = await asked("/api/v2/process", {"host": host, **own})
    assert response.text == "a function"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_what_changes_nothing_may_come_from_a_link(method: str) -> None:
    response = await asked("/docs", {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}, method=method)
    assert response.status_code == 200


@pytest.mark.parametrize("path", [*INNER[2:], "/v1", "/local"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_where_it_is_no_laptop_the_bus_is_closed(path: str, method: str) -> None:
    response = await asked(path, {}, method=method, laptop=False)
    assert response.status_code == 403
    assert response.json()["error"]["code"] == "FORBIDDEN"


@pytest.mark.parametrize("path", INNER[:2])
async def test_where_it_is_no_laptop_a_function_looks_at_its_callers_itself(path: str) -> None:
    assert (await asked(path, {}, laptop=False)).text == "a function"


async def test_where_it_is_no_laptop_the_router_is_asked_by_any_name() -> None:
    response = await asked("/api/v2/process", {"host": "mentoring.example.com", "origin": "https://app.example"}, laptop=False)
    assert response.text == "a function"


async def test_what_is_no_request_is_left_alone() -> None:
    app = LocalSet(None, {}, bus(), laptop=True)  # type: ignore[arg-type]
    await app({"type": "lifespan"}, None, None)


def test_a_request_without_headers_of_a_browser_is_welcome() -> None:
    scope = {"type": "http", "method": "POST", "headers": [(b"host", b"127.0.0.1:8080")]}
    assert refusal(Request(scope).method, scope["headers"]) is None  # type: ignore[arg-type]
