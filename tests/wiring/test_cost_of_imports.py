"""Whoever does not use a vendor does not pay for its import: cold start is a budget."""

import json
import os
import subprocess
import sys

import pytest

from ion_mentoring.resources import ROOT

VENDORS = {"valkey", "jwt", "cryptography", "sentry_sdk", "google", "grpc"}
ASK = """
import asyncio, json, sys
import httpx2
from functions_framework.aio import create_asgi_app
before = set(sys.modules)
app = create_asgi_app("handle", sys.argv[1], "http")
async def ask():
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://x") as client:
        return await client.request(*json.loads(sys.argv[2])[:2], json=json.loads(sys.argv[2])[2])
response = asyncio.run(ask())
assert response.status_code == 200, response.text
print("\\n" + json.dumps(sorted({name.partition(".")[0] for name in set(sys.modules) - before})))
"""
QUESTION = ["POST", "/api/v2/process", {"user_input": "How do I prepare for an interview?"}]
REPLY = ["POST", "/answer", {"text": "hi", "key": {"tone": "calm", "pace": "medium", "intent": "learning"}}]


def loaded(name: str, request: list[object], **environ: str) -> set[str]:
    """The top-level modules that a function had loaded after its first answer, beyond the framework and the test's client."""
    ended = subprocess.run(
        [sys.executable, "-c", ASK, ROOT.parent / "functions" / name / "main.py", json.dumps(request)],
        env={**os.environ, "STORE": "sqlite:///:memory:", **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return set(json.loads(ended.stdout.splitlines()[-1]))


def test_the_router_with_the_embedded_default_loads_no_vendor() -> None:
    assert loaded("router", QUESTION) & VENDORS == set()


def test_a_persona_function_loads_no_vendor_and_nothing_of_the_router() -> None:
    assert loaded("lua", REPLY) & VENDORS == set()


def test_traces_that_nobody_keeps_are_not_loaded() -> None:
    ask = "import ion_mentoring.wiring.router, sys; print(sorted(name for name in sys.modules if 'telemetry' in name))"
    said = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout
    assert "ion_mentoring.telemetry.trace'" in said
    assert not [name for name in ("traces", "otlp", "sentry", "readable") if f"telemetry.{name}'" in said]


def test_sentry_is_loaded_when_something_is_sent_and_not_for_an_answer() -> None:
    assert "sentry_sdk" not in loaded("router", QUESTION, SENTRY_DSN="http://key@127.0.0.1:1/1")


@pytest.mark.parametrize(
    ("environ", "vendor"),
    [
        ({"CACHE_URL": "redis://127.0.0.1:1"}, "valkey"),
        (
            {
                "JWT_KEY": "a-secret-of-thirty-two-bytes-or-more",
                "JWT_ALGORITHM": "HS256",
                "JWT_ISSUER": "i",
                "JWT_AUDIENCE": "a",
            },
            "jwt",
        ),
        ({"STORE": "firestore://some-project", "FIRESTORE_EMULATOR_HOST": "127.0.0.1:1"}, "google"),
    ],
)
def test_a_vendor_that_is_configured_is_loaded_and_its_absence_hurts_nobody(environ: dict[str, str], vendor: str) -> None:
    assert vendor in loaded("router", QUESTION, **environ)
