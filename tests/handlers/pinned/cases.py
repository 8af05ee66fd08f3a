"""The requests whose answers are pinned: every form of v1 and v2, good and bad, and a stream."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2

STREAM: Final = {"accept": "text/event-stream"}


@dataclass(frozen=True, slots=True)
class Case:
    """One request; a body that is bytes is sent as it is."""

    name: str
    method: str
    path: str
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


QUESTION: Final = {"user_input": "I am burnt out"}
CASES: Final = (
    Case("v1 process", "POST", "/api/persona/process", {**QUESTION, "resonance_key": "calm-medium-learning"}),
    Case("v1 process without text", "POST", "/api/persona/process", {"resonance_key": "calm-medium-learning"}),
    Case("v1 chat", "POST", "/chat", {"message": "I am burnt out"}),
    Case("v1 chat blank", "POST", "/chat", {"message": " "}),
    Case("v1 chat broken", "POST", "/chat", b"{", {"content-type": "application/json"}),
    Case("v1 health", "GET", "/health"),
    Case("process", "POST", "/api/v2/process", QUESTION),
    Case("process offering", "POST", "/api/v2/process", {"user_input": "I don't know about work any more"}),
    Case("process in danger", "POST", "/api/v2/process", {"user_input": "I want to die"}),
    Case("process streamed", "POST", "/api/v2/process", {**QUESTION, "use_cache": False}, STREAM),
    Case("process without text", "POST", "/api/v2/process", {"user_input": " "}),
    Case("process of wrong types", "POST", "/api/v2/process", {"user_input": 5, "context": []}),
    Case("process with an unknown persona", "POST", "/api/v2/process", {**QUESTION, "persona": "zoe"}),
    Case("process broken", "POST", "/api/v2/process", b"{", {"content-type": "application/json"}),
    Case("bulk", "POST", "/api/v2/bulk-process", {"requests": [QUESTION, {"user_input": ""}]}),
    Case("several mentors", "POST", "/api/v2/chat/multi-persona", QUESTION),
    Case("several mentors streamed", "POST", "/api/v2/chat/multi-persona", {**QUESTION, "use_cache": False}, STREAM),
    Case("several mentors, one unknown", "POST", "/api/v2/chat/multi-persona", {**QUESTION, "personas": ["lua", "zoe"]}),
    Case("recommend", "POST", "/api/v2/recommend", {"scenario": "My team argues"}),
    Case("resonance", "POST", "/api/v2/resonance", {"text": "I am nervous"}),
    Case("health", "GET", "/api/v2/health"),
    Case("status", "GET", "/api/v2/status"),
    Case("personas", "GET", "/api/v2/personas"),
    Case("cache", "GET", "/api/v2/cache-stats"),
    Case("no such path", "GET", "/api/v2/nowhere"),
    Case("no such method", "DELETE", "/api/v2/process"),
)


async def asked(router: httpx2.AsyncClient, case: Case) -> dict[str, Any]:
    """The form of an answer: status, names of headers, and the fields with their types; of a stream, its events in order."""
    raw = case.body if isinstance(case.body, bytes) or case.body is None else json.dumps(case.body).encode()
    headers = {"content-type": "application/json", **case.headers} if raw else case.headers
    response = await router.request(case.method, case.path, content=raw, headers=headers)
    form: dict[str, Any] = {"status": response.status_code, "headers": sorted(set(response.headers))}
    if case.headers == STREAM:
        events = [line.removeprefix("event: ") for line in response.text.splitlines() if line.startswith("event: ")]
        return {**form, "events": events}
    return {**form, "body": form_of(response.json())}


def form_of(value: object) -> Any:
    """The form of a JSON value: objects by field, lists by their first element, everything else by its type.

    Objects whose names are data are lists of their values where they are called so (`by_persona`), else forms like any other.
    """
    if isinstance(value, dict):
        return {
            name: form_of([*one.values()] if name.startswith("by_") and isinstance(one, dict) else one)
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [form_of(value[0])] if value else []
    return {"NoneType": "null", "bool": "boolean", "int": "number", "float": "number", "str": "string"}[type(value).__name__]


def differences(released: Any, now: Any, where: str = "") -> list[str]:
    """The paths at which two forms differ; a number may become null and the other way round."""
    if isinstance(released, dict) and isinstance(now, dict):
        names = [*released, *(name for name in now if name not in released)]
        return [
            one
            for name in names
            for one in (
                differences(released[name], now[name], f"{where}.{name}")
                if name in released and name in now
                else [f"{where}.{name}"]
            )
        ]
    if isinstance(released, list) and isinstance(now, list) and released and now and where.endswith(".body"):
        return differences(released[0], now[0], where)
    if isinstance(released, list) and isinstance(now, list) and isinstance((released or now or [None])[0], dict):
        return differences(released[0], now[0], where) if released and now else []
    return [] if released == now or "null" in (released, now) or [] in (released, now) else [where]
