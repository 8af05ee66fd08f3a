"""What somebody sends comes back in no error and stands in no line of the log."""

import base64
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.attacks import broken_tokens, sets, wire

pytestmark = pytest.mark.slow

MARK = "zqmarkzq"
KEY, JSON = ("x-api-key", sets.SERVICE), ("content-type", "application/json")
Sent = tuple[str, str, list[tuple[str, str]], object]


def _ask(body: object, *headers: tuple[str, str], path: str = "/api/v2/process") -> Sent:
    return "POST", path, [KEY, *headers], body


def _told(**fields: object) -> Sent:
    return _ask({"user_input": "Hello", **fields})


def _unsound_id(mark: str) -> str:
    return f"{mark} <b>\xe9"


MARKED: dict[str, Callable[[str], Sent]] = {
    "a path": lambda m: ("GET", f"/api/v2/{m}", [], None),
    "a path of v1": lambda m: ("POST", f"/chat/{m}", [], {"message": ""}),
    "a path in escapes": lambda m: ("GET", f"/{quote(m[:4])}%{ord(m[4]):02x}{m[5:]}", [], None),
    "a name of a persona in the path": lambda m: ("GET", f"/api/v2/personas/{m}", [], None),
    "a query": lambda m: ("GET", f"/api/v2/personas/nobody?{m}={m}", [], None),
    "a pattern": lambda m: ("POST", f"/api/v2/cache/invalidate?pattern={m}[", [KEY], None),
    "a method": lambda m: (m.upper(), "/api/v2/process", [KEY], None),
    "a name of a header": lambda m: ("POST", "/api/v2/process", [(f"x-{m}", "1")], {}),
    "a request id that is not sane": lambda m: _ask({}, ("x-request-id", _unsound_id(m))),
    "a trace": lambda m: _ask({}, ("traceparent", f"00-{m}-01"), ("tracestate", m), ("baggage", f"a={m}")),
    "a key": lambda m: ("POST", "/api/v2/process", [("x-api-key", f"ion_{m}")], {}),
    "a token": lambda m: ("POST", "/api/v2/process", [("authorization", f"Bearer {m}.{m}.{m}")], {}),
    "claims that are refused": lambda m: _bearer(broken_tokens.claiming(iss=m, roles=[m])),
    "a header of a token": lambda m: _bearer(broken_tokens.headed(alg=m, kid=m)),
    "a role": lambda m: _bearer(broken_tokens.claiming(roles=[m])),
    "a user and password": lambda m: _basic(m),
    "a kind of body": lambda m: _ask(b"{}", ("content-type", f"text/{m}")),
    "a charset": lambda m: _ask(b"{}", ("content-type", f"application/json; charset={m}")),
    "a coding": lambda m: _ask(b"{}", ("content-type", "application/json"), ("content-encoding", m)),
    "languages": lambda m: _ask({}, ("accept-language", f"{m};q=x")),
    "an agent": lambda m: _ask({}, ("user-agent", m), ("referer", m), ("cookie", m), ("origin", f"http://{m}")),
    "an address": lambda m: _ask({}, ("x-forwarded-for", m)),
    "an event": lambda m: _ask({"user_input": ""}, ("last-event-id", m), ("accept", "text/event-stream")),
    "what is no JSON": lambda m: _ask(f'{{"user_input": {m}'.encode()),
    "a field that is unknown": lambda m: _told(**{m: 1}, persona=7),
    "a field of the context": lambda m: _told(context={m: {m: m}, "user_id": 7}),
    "a question that is too long": lambda m: _told(user_input=m + "x" * 4000),
    "a persona": lambda m: _told(persona=m),
    "a key of resonance": lambda m: _told(resonance_key=f"{m}-{m}-{m}"),
    "parts of a key": lambda m: _told(resonance_key={"tone": m, "pace": m, "intent": m}),
    "a language": lambda m: _told(language=m * 30),
    "a mode": lambda m: _told(prompt_mode=m),
    "a flag": lambda m: _told(use_cache=m),
    "a user": lambda m: _told(context={"user_id": f"{m}/"}),
    "a session": lambda m: _told(context={"session_id": f"{m} "}),
    "a history": lambda m: _told(context={"message_history": [{"role": m, "content": m, m: m}]}),
    "metadata": lambda m: _told(context={"metadata": {m: m * 600}}),
    "items of a bulk call": lambda m: _ask({"requests": [{"user_input": "", m: m, "persona": m}]}, path="/api/v2/bulk-process"),
    "a body of v1": lambda m: ("POST", "/api/persona/process", [], {"user_input": m, "resonance_key": m}),
    "a name twice": lambda m: _ask(f'{{"{m}": 1, "{m}": 2, "user_input": 1}}'.encode()),
}


def _bearer(token: str) -> Sent:
    return "POST", "/api/v2/process", [("authorization", f"Bearer {token}")], {"user_input": "Hello"}


def _basic(mark: str) -> Sent:
    return "POST", "/api/v2/process", [("authorization", f"Basic {base64.b64encode(mark.encode()).decode()}")], {}


def _forms(mark: str) -> set[str]:
    encoded = base64.b64encode(mark.encode()).decode().rstrip("=")
    return {mark, encoded, mark.encode().hex(), json.dumps(mark)[1:-1]}


@pytest.mark.parametrize("what", MARKED)
def test_an_error_and_the_log_keep_silent_about(strict: sets.Running, what: str) -> None:
    mark = f"{MARK}{list(MARKED).index(what):02}"
    headers_and_more = MARKED[what](mark)
    found = wire.call(strict.port, *headers_and_more)
    shown = found.body.decode(errors="replace").lower() + repr(found.headers).lower()
    assert not [form for form in _forms(mark) if form.lower() in shown], found.body
    assert found.status >= 400 or mark not in shown
    logged = [line for line in strict.said().splitlines() if any(form.lower() in line.lower() for form in _forms(mark))]
    assert not logged
