"""What routes cost that are open to all, refusals among them, beside the cheapest, in time of the processor."""

import contextlib
import http.client

import pytest

from tests.attacks import sets, wire

pytestmark = pytest.mark.slow

MOST, CALLS, ROUNDS = 5.0, 40, 3
JSON = [("content-type", "application/json")]
LARGE = b'{"user_input": "' + b"x" * 1_000_000 + b'"}'
MANY = b'{"requests": [' + b",".join([b'{"user_input": "x"}'] * 20_000) + b"]}"

OPEN: dict[str, tuple[str, str, list[tuple[str, str]], bytes | None]] = {
    "the page": ("GET", "/", [], None),
    "the contract": ("GET", "/openapi.json", [], None),
    "the page of the contract": ("GET", "/docs", [], None),
    "health with dependencies": ("GET", "/api/v2/health", [], None),
    "status": ("GET", "/api/v2/status", [], None),
    "the cards": ("GET", "/api/v2/personas", [], None),
    "a card": ("GET", "/api/v2/personas/Lua", [], None),
    "no such card": ("GET", "/api/v2/personas/nobody", [], None),
    "no such path": ("GET", "/nowhere", [], None),
    "a long path": ("GET", "/" + "a/" * 3000, [], None),
    "a long query": ("GET", "/api/v2/personas?" + "a=b&" * 2000, [], None),
    "another method": ("DELETE", "/api/v2/process", [], None),
    "the head of the page": ("HEAD", "/", [], None),
    "what is asked before": ("OPTIONS", "/api/v2/process", [("origin", "https://a.example")], None),
    "no credential": ("POST", "/api/v2/process", JSON, b'{"user_input": "x"}'),
    "a wrong key": ("POST", "/api/v2/process", [*JSON, ("x-api-key", "ion_" + "x" * 43)], b'{"user_input": "x"}'),
    "a long wrong key": ("POST", "/api/v2/process", [*JSON, ("x-api-key", "x" * 16_000)], b'{"user_input": "x"}'),
    "a wrong token": ("POST", "/api/v2/process", [*JSON, ("authorization", "Bearer " + "a" * 7000 + ".b.c")], b"{}"),
    "many languages": ("GET", "/nowhere", [("accept-language", "ko;q=0.1," * 1500)], None),
    "many forms": ("GET", "/nowhere", [("accept", "text/html;q=0.1," * 900)], None),
    "many proxies": ("GET", "/nowhere", [("x-forwarded-for", "1.1.1.1," * 1800)], None),
    "many traces": ("GET", "/nowhere", [("tracestate", "a=b," * 3500), ("traceparent", "0" * 9000)], None),
}
LARGE_BODIES = {"a large question": ("/api/v2/process", LARGE), "many questions": ("/api/v2/bulk-process", MANY)}


def _cost_s(found: sets.Running, method: str, path: str, headers: list[tuple[str, str]], body: bytes | None) -> float:
    """Of several rounds the cheapest, for one call; each call is another client."""
    costs = []
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", found.port, timeout=30)) as link:
        for part in range(ROUNDS):
            before = found.cpu_s()
            for number in range(CALLS):
                client = [("x-forwarded-for", f"198.51.{part}.{number}")]
                wire.send(link, method, path, [*headers, *client], body)
            costs.append((found.cpu_s() - before) / CALLS)
    return min(costs)


@pytest.fixture(scope="module")
def cheapest(strict: sets.Running) -> float:
    return max(_cost_s(strict, "GET", "/health", [], None) for _ in range(2))


@pytest.mark.parametrize("what", OPEN)
def test_no_open_route_costs_more_than_five_times_the_cheapest(strict: sets.Running, cheapest: float, what: str) -> None:
    assert _cost_s(strict, *OPEN[what]) < MOST * cheapest, f"the cheapest takes {cheapest * 1e6:.0f} us"


@pytest.mark.parametrize("what", LARGE_BODIES)
def test_a_large_body_of_nobody_is_not_read(strict: sets.Running, cheapest: float, what: str) -> None:
    """Each on a connection of its own, as the set may close what it will not read."""
    path, body = LARGE_BODIES[what]
    before = strict.cpu_s()
    for _ in range(CALLS):
        with wire.connect(strict.port) as link, contextlib.suppress(OSError):
            link.sendall(wire.head("POST", path, [*JSON, ("content-length", str(len(body)))]) + body)
            assert wire.status_of(link.recv(4096)) == 401
    connecting = 5 * cheapest
    assert (strict.cpu_s() - before) / CALLS < MOST * cheapest + connecting
