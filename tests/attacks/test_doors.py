"""Doors of the local set: who may knock at a laptop, and which of them stay shut for strangers elsewhere."""

import base64
import json
import time

import pytest

from tests.attacks import sets, wire

pytestmark = pytest.mark.slow

QUESTION = {"user_input": "How do I ask for a raise?"}
UNSAFE = {
    "a foreign origin": [("origin", "https://evil.example")],
    "an origin without a name": [("origin", "null")],
    "an origin that begins like ours": [("origin", "http://localhost.evil.example")],
    "another port of this machine": [("origin", "http://localhost:1")],
    "a page of another site": [("sec-fetch-site", "cross-site")],
    "a page of another site as a form": [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")],
}
FOREIGN_HOSTS = [
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "0.0.0.0",
    "localhost@evil.example",
    "127.0.0.2",
    "",
]
INNER = [
    ("POST", "/functions/lua/answer"),
    ("POST", "/functions/elro/answer"),
    ("POST", "/functions/batch/"),
    ("POST", "/functions/warming/"),
    ("GET", "/local/bus"),
    ("POST", "/v1/projects/local/topics/mentoring-batch:publish"),
    ("POST", "/v1/projects/local/topics/cache-warming:publish"),
    ("POST", "//functions/lua/answer"),
    ("POST", "/functions/lua/../batch/"),
    ("POST", "/functions/%6cua/answer"),
]
MESSAGE = base64.b64encode(json.dumps({"batch_id": "b", "item_id": "1", "request": QUESTION}).encode()).decode()
BODIES = {
    "answer": QUESTION,
    ":publish": {"messages": [{"data": MESSAGE}]},
    "/": {"message": {"data": MESSAGE, "messageId": "1"}},
}


def test_the_local_set_says_first_that_everybody_is_the_developer(local: sets.Running) -> None:
    until = time.monotonic() + 10
    while "developer" not in local.said() and time.monotonic() < until:  # it answers before its words are in the file
        time.sleep(0.05)
    first = " ".join(local.said().splitlines()[:8]).lower()
    assert "everybody" in first or "everyone" in first
    assert "developer" in first


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_the_local_set_answers_no_foreign_host(local: sets.Running, host: str) -> None:
    for name in (host, f"{host}:{local.port}"):
        found = wire.call(local.port, "GET", "/api/v2/status", [("host", name)])
        assert found.status in {400, 403, 421}, name
        assert wire.is_our_error(found.body)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
def test_the_local_set_answers_by_its_own_names(local: sets.Running, host: str) -> None:
    for name in (host, f"{host}:{local.port}"):
        assert wire.call(local.port, "GET", "/api/v2/status", [("host", name)]).status == 200, name


@pytest.mark.parametrize("what", UNSAFE)
@pytest.mark.parametrize("path", ["/api/v2/cache/clear", "/api/v2/process", "/chat", "/functions/lua/answer", INNER[5][1]])
def test_no_other_page_makes_the_local_set_do_something(local: sets.Running, path: str, what: str) -> None:
    headers = [*UNSAFE[what], ("content-type", "text/plain")]
    found = wire.call(local.port, "POST", path, headers, {**QUESTION, "message": "Hello", "messages": [{"data": MESSAGE}]})
    assert found.status == 403
    assert wire.is_our_error(found.body)


def test_the_own_page_of_the_local_set_may_ask(local: sets.Running) -> None:
    own = [("origin", f"http://localhost:{local.port}"), ("sec-fetch-site", "same-origin"), ("host", f"localhost:{local.port}")]
    assert wire.call(local.port, "POST", "/api/v2/process", own, QUESTION).status == 200
    assert wire.call(local.port, "GET", "/", [("sec-fetch-site", "cross-site")]).status == 200


@pytest.mark.parametrize(("method", "path"), INNER)
@pytest.mark.parametrize("key", [None, sets.SERVICE], ids=["nobody", "a service"])
def test_inner_doors_are_shut_where_strangers_knock(strict: sets.Running, key: str | None, method: str, path: str) -> None:
    headers = [("x-api-key", key)] if key else []
    body = next(body for end, body in BODIES.items() if path.endswith(end)) if method == "POST" else None
    found = wire.call(strict.port, method, path, headers, body)
    assert found.status in {401, 403, 404}, found.body
    assert wire.is_our_error(found.body)


@pytest.mark.parametrize("role", ["nobody", "a service"])
def test_what_an_admin_does_is_shut_for(strict: sets.Running, role: str) -> None:
    headers = [("x-api-key", sets.SERVICE)] if role == "a service" else []
    for path in ("/api/v2/cache/clear", "/api/v2/cache/invalidate?pattern=*", "/api/v2//cache/clear", "/api/v2/cache/clear/"):
        assert wire.call(strict.port, "POST", path, headers).status in {401, 403, 404}, path
