"""A question through the whole set leaves one trace, from the router to the model, and no word of what was asked."""

import json
import os
from pathlib import Path

import httpx2
import pytest

from ion_mentoring.local.served import served
from ion_mentoring.resources import ROOT
from tests.telemetry.otlp_sink import receiving, values
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor

SECRET = "zanzibar"
ASK = {"user_input": f"How do I tell my team about {SECRET}?", "persona": "lua", "context": {"session_id": "s1"}}


@pytest.mark.slow
async def test_one_trace_goes_through_the_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(ROOT).parent)
    async with Vendor(lambda request: Plan(pieces=("Tell them ", "today."))) as vendor:
        settings = {"MODEL": "openai:stand-in", "MODEL_URL": f"{vendor.url}/v1", "TRACE_RATE": "1"}
        with receiving() as sink:
            stream = {"accept": "text/event-stream"}
            with served({**settings, "OTEL_EXPORTER_OTLP_ENDPOINT": sink.url}) as there:
                async with httpx2.AsyncClient(timeout=20, trust_env=False) as client:
                    answer = (await client.post(f"{there.url}/api/v2/process", json=ASK)).json()
                    await client.post(f"{there.url}/api/v2/process", json={**ASK, "use_cache": False}, headers=stream)
            assert answer["content"] == "Tell them today."
            roots = [span for span in sink.spans if span["name"] == "POST /api/v2/process"]
            assert len(roots) == 2, "a stream's span, too"
            (one,) = {root["traceId"] for root in roots if values(root)["ion.request_id"] == answer["request_id"]}
            spans = {span["name"]: span for span in sink.spans if span["traceId"] == one}
            assert {
                "admit",
                "safeguard",
                "routing",
                "cache.get",
                "persona lua",
                "POST /answer",
                "model openai:stand-in",
                "ledger.settle",
            } <= {*spans}
            assert (spans["POST /answer"]["service"], spans["persona lua"]["service"]) == ("ion-lua", "ion-router")
            assert spans["POST /answer"]["parentSpanId"] == spans["persona lua"]["spanId"]
            assert values(spans["model openai:stand-in"])["gen_ai.request.model"] == "stand-in"
            written = json.dumps(sink.spans)
            assert SECRET not in written
            assert "Tell them" not in written
    assert os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") is None
