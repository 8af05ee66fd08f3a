"""Whatever bytes come, there is an answer in our form, and never a 5xx."""

import json
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ion_mentoring.handlers.web.app import App
from tests.fakes import client

VALID = json.dumps(
    {
        "user_input": "How do I prepare for an interview?",
        "resonance_key": {"tone": "calm", "pace": "fast", "intent": "advice"},
        "persona": "elro",
        "language": "en",
        "context": {"user_id": "u", "session_id": "s", "message_history": [{"role": "user", "content": "x"}], "metadata": {}},
        "prompt_mode": "default",
    }
).encode()
PATHS = [
    *("/api/v2/process", "/api/v2/recommend", "/api/v2/resonance", "/api/v2/bulk-process"),
    *("/api/v2/chat/multi-persona", "/api/persona/process", "/chat"),
]
FIELDS = [
    *("user_input", "resonance_key", "persona", "personas", "language", "context", "user_id", "session_id", "message_history"),
    *(
        "role",
        "content",
        "metadata",
        "include_metadata",
        "use_cache",
        "prompt_mode",
        "read_tone",
        "requests",
        "parallel",
        "scenario",
        "text",
    ),
    *("message", "tone", "pace", "intent", "timestamp"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=8), inner, max_size=5)
    ),
    max_leaves=20,
)


async def answered(laptop: App, path: str, body: bytes) -> httpx2.Response:
    async with client(laptop) as router:
        response = await router.post(path, content=body, headers={"content-type": "application/json"})
    shown: Any = response.json()
    assert response.status_code < 500, shown
    if response.status_code != 200:
        assert set(shown) in ({"detail"}, {"success", "error", "request_id", "timestamp"})
    return response


@settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PATHS), JSON)
async def test_any_json_is_answered(laptop: App, path: str, value: object) -> None:
    await answered(laptop, path, json.dumps(value).encode("utf-8", "surrogatepass"))


@settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PATHS), st.integers(0, len(VALID)), st.integers(0, 4), st.binary(max_size=4))
async def test_any_bytes_in_a_valid_body_are_answered(laptop: App, path: str, place: int, dropped: int, added: bytes) -> None:
    await answered(laptop, path, VALID[:place] + added + VALID[place + dropped :])


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text("/abcdefghijklmnopqrstuvwxyz0123456789-._~%:@", min_size=1, max_size=40),
    st.sampled_from(["GET", "POST", "DELETE", "PATCH"]),
)
async def test_any_path_is_answered(laptop: App, path: str, method: str) -> None:
    async with client(laptop) as router:
        response = await router.request(method, f"http://router/{path.replace('%', '%25')}")
    assert response.status_code < 500


@pytest.mark.parametrize(
    "name", ["x-request-id", "traceparent", "accept-language", "x-forwarded-for", "x-api-key", "authorization"]
)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.binary(max_size=60).map(lambda value: value.replace(b"\r", b"").replace(b"\n", b"").replace(b"\0", b"")))
async def test_any_header_is_answered(fresh_laptop: App, name: str, value: bytes) -> None:
    async with client(fresh_laptop) as router:
        response = await router.get("/api/v2/personas", headers=[(name.encode(), value)])
    assert response.status_code in (200, 401)
