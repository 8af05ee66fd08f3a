"""What Gemini is sent on both of its wires, and what a body may do to us."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from google.oauth2.credentials import Credentials
from msgspec.structs import replace

from ion_mentoring.errors import ModelMisused, ModelUnavailable, SettingsInvalid
from ion_mentoring.models.gemini import Gemini
from ion_mentoring.models.generation import Generation
from ion_mentoring.usage.meter import UsageMeter
from tests.listening import pieces
from tests.models.asking import ASKED, WAYS, ask, does, fails
from tests.models.prompts import prompt
from tests.models.subjects import KEY, gemini_at
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor


@pytest.fixture
async def model(vendor: Vendor) -> AsyncIterator[Gemini]:
    async with gemini_at(vendor.url) as made:
        yield made


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False) as made:
        yield made


@pytest.mark.parametrize("way", WAYS)
async def test_the_prompt_is_sent_as_documented(model: Gemini, vendor: Vendor, way: str) -> None:
    generation = Generation(temperature=0.25, max_output_tokens=99, block={"hate_speech": "only_high", "harassment": "none"})
    await ask(model, way, UsageMeter(), replace(ASKED, generation=generation))
    (request,) = vendor.requests
    called = "streamGenerateContent" if way == "streamed" else "generateContent"
    assert (request.method, request.path) == ("POST", f"/v1/models/stand-in:{called}")
    assert request.query == ("alt=sse" if way == "streamed" else "")
    assert request.headers["x-goog-api-key"] == KEY
    assert "authorization" not in request.headers
    assert "x-server-timeout" not in request.headers
    assert request.body == {
        "systemInstruction": {"role": "user", "parts": [{"text": ASKED.system}]},
        "contents": [
            {"role": "user", "parts": [{"text": "안녕하세요"}]},
            {"role": "model", "parts": [{"text": "네, 안녕하세요!"}]},
            {"role": "user", "parts": [{"text": "어떻게 시작할까요?"}]},
        ],
        "generationConfig": {"temperature": 0.25, "maxOutputTokens": 99},
        "safetySettings": [
            {"category": "HARM_CATEGORY_HATE_SPEECH", "threshold": "BLOCK_ONLY_HIGH"},
            {"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"},
        ],
    }


async def test_the_light_mode_has_its_own_limit(model: Gemini, vendor: Vendor) -> None:
    light = prompt("hi", mode="summary_light")
    await ask(model, "whole", UsageMeter(), light)
    assert vendor.requests[0].body["generationConfig"]["maxOutputTokens"] == light.generation.light_output_tokens


@pytest.mark.parametrize(
    ("name", "wanted", "sent"),
    [
        ("gemini-2.5-flash", None, {"thinking_budget": 0}),
        ("gemini-2.5-flash-preview-09-2025", None, {"thinking_budget": 0}),
        ("gemini-2.5-flash", "512", {"thinking_budget": 512}),
        ("gemini-2.5-flash-lite", None, None),
        ("gemini-2.5-flash-lite", "none", {"thinking_budget": 0}),
        ("gemini-2.5-pro", None, None),
        ("gemini-2.0-flash", None, None),
        ("gemini-3-flash-preview", "minimal", {"thinking_level": "MINIMAL"}),
        ("gemini-3-pro", "low", {"thinking_level": "LOW"}),
    ],
)
async def test_a_model_thinks_as_it_is_told_and_one_that_need_not_does_not(
    client: httpx2.AsyncClient, vendor: Vendor, name: str, wanted: str | None, sent: dict[str, Any] | None
) -> None:
    await ask(Gemini(client, name, api_key=KEY, url=vendor.url, thinking=wanted), "whole", UsageMeter())
    assert vendor.requests[0].body["generationConfig"].get("thinkingConfig") == sent  # Google's JSON takes both cases


@pytest.mark.parametrize("way", WAYS)
async def test_vertex_is_asked_in_its_project_with_a_token(
    client: httpx2.AsyncClient, vendor: Vendor, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY", "another")  # the settings' word holds, whatever the environment says
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "false")
    token = Credentials("a-token", quota_project_id="who-pays")  # type: ignore[no-untyped-call]
    model = Gemini(client, "gemini-x", project="p-1", location="europe-west4", url=vendor.url, credentials=token)
    await ask(model, way, UsageMeter())
    (request,) = vendor.requests
    called = "streamGenerateContent" if way == "streamed" else "generateContent"
    path = f"/v1beta1/projects/p-1/locations/europe-west4/publishers/google/models/gemini-x:{called}"
    assert request.path == path
    assert request.headers["authorization"] == "Bearer a-token"
    assert request.headers["x-goog-user-project"] == "who-pays"
    assert "x-goog-api-key" not in request.headers


async def test_a_key_asks_the_gemini_api_wherever_the_environment_points(
    client: httpx2.AsyncClient, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "elsewhere")
    await ask(Gemini(client, "m", project="p", api_key=KEY, url=vendor.url), "whole", UsageMeter())
    assert vendor.requests[0].path == "/v1/models/m:generateContent"


@pytest.mark.parametrize("key", ["AIza-secret\n", "AIza\nsecret", "AIza-비밀"])
async def test_a_key_that_no_header_holds_is_told_without_it(client: httpx2.AsyncClient, key: str) -> None:
    with pytest.raises(SettingsInvalid) as raised:
        Gemini(client, "m", api_key=key)
    assert "AIza" not in str(raised.value)


async def test_an_address_that_is_none_is_told_at_once(client: httpx2.AsyncClient) -> None:
    with pytest.raises(SettingsInvalid):
        Gemini(client, "m", api_key=KEY, url="http://127.0.0.1:port")


@pytest.mark.parametrize("way", WAYS)
async def test_a_model_that_cannot_be_named_is_ours_to_mend(client: httpx2.AsyncClient, vendor: Vendor, way: str) -> None:
    meter = UsageMeter()
    assert type(await fails(Gemini(client, "../x?y", api_key=KEY, url=vendor.url), way, meter)) is ModelMisused
    assert vendor.requests == []
    assert meter.calls == []


async def test_a_model_serves_one_event_loop_after_the_other(model: Gemini, vendor: Vendor) -> None:
    does(vendor, Plan(raw=b""))
    await asyncio.to_thread(asyncio.run, fails(model, "whole", UsageMeter()))
    does(vendor, Plan())
    assert (await ask(model, "whole", UsageMeter())).text == Plan().text


@pytest.mark.parametrize("way", WAYS)
async def test_a_body_without_end_is_not_read_to_its_end(model: Gemini, vendor: Vendor, way: str) -> None:
    does(vendor, Plan(body=b"data: " + bytes(50_000_000), slice_bytes=65_536))
    assert type(await fails(model, way, UsageMeter())) is ModelUnavailable
    await vendor.idle()
    assert vendor.left
    assert vendor.sent[vendor.left[0]] < 20_000_000


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("status", [200, 401])
async def test_a_body_that_would_unfold_is_not_unfolded(model: Gemini, vendor: Vendor, way: str, status: int) -> None:
    packed = gzip.compress(bytes(100_000_000), compresslevel=1)
    does(vendor, Plan(status=status, body=packed, headers={"content-encoding": "gzip"}))
    async with asyncio.timeout(2):
        assert type(await fails(model, way, UsageMeter())) is (ModelUnavailable if status == 200 else ModelMisused)
    assert vendor.requests[0].headers["accept-encoding"] == "identity"


async def test_a_vendor_that_cannot_be_reached_is_not_waited_for_without_end(client: httpx2.AsyncClient) -> None:
    waits: list[Any] = []
    model = Gemini(client, "m", api_key=KEY, url="http://127.0.0.1:1")
    client.event_hooks["request"].append(lambda request: noted(request))

    async def noted(request: httpx2.Request) -> None:
        waits.append(request.extensions["timeout"])

    await fails(model, "whole", UsageMeter())
    assert waits == [{"connect": 5.0, "read": None, "write": None, "pool": None}]


async def test_a_stream_closed_early_frees_its_connection_at_once(model: Gemini, vendor: Vendor) -> None:
    does(vendor, Plan(pieces=("one ",) * 1_000, delay_s=0.005))
    stream = pieces(model, ASKED, UsageMeter())
    await anext(stream)
    async with asyncio.timeout(1):
        await stream.aclose()
        await vendor.idle()
    assert len(vendor.left) == 1
