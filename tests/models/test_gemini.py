"""What is Gemini's own: its paths, its roles, its filters, its thoughts, its way to say until when, its credentials."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from google.auth.exceptions import RefreshError, TransportError
from google.oauth2.credentials import Credentials

from ion_mentoring.errors import ModelBusy, ModelMisused, ModelUnavailable
from ion_mentoring.models.gemini import Gemini
from ion_mentoring.models.protocol import Message, Model
from ion_mentoring.usage.meter import ModelCall, Usage, UsageMeter
from tests.listening import pieces
from tests.models.prompts import prompt
from tests.models.subjects import GEMINI, KEY, VERTEX
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor


@pytest.fixture
async def gemini(vendor: Vendor) -> AsyncIterator[Model]:
    async with GEMINI.at(vendor.url) as made:
        yield made


@pytest.fixture
async def vertex(vendor: Vendor) -> AsyncIterator[Model]:
    async with VERTEX.at(vendor.url) as made:
        yield made


async def test_the_gemini_api_is_asked_with_the_key_in_a_header(gemini: Model, vendor: Vendor) -> None:
    await gemini.answer(prompt(), UsageMeter(), None)
    (request,) = vendor.requests
    assert request.path == "/v1/models/stand-in:generateContent"
    assert request.headers["x-goog-api-key"] == KEY
    assert KEY not in request.query


async def test_vertex_is_asked_in_its_project_and_place_with_a_token(vertex: Model, vendor: Vendor) -> None:
    async for _ in pieces(vertex, prompt(), UsageMeter()):
        pass
    (request,) = vendor.requests
    path = "/v1beta1/projects/a-project/locations/asia-northeast3/publishers/google/models/stand-in:streamGenerateContent"
    assert (request.path, request.query) == (path, "alt=sse")
    assert request.headers["authorization"] == f"Bearer {KEY}"


async def test_the_card_decides_what_is_sent(gemini: Model, vendor: Vendor) -> None:
    history = (Message("assistant", "left over"), Message("user", "before"), Message("assistant", "so"), Message("user", "and"))
    asked = prompt("the question", persona="lua", history=history)
    await gemini.answer(asked, UsageMeter(), None)
    body = vendor.requests[0].body
    assert [(turn["role"], turn["parts"][0]["text"]) for turn in body["contents"]] == [
        ("user", "before"),
        ("model", "so"),
        ("user", "and\n\nthe question"),
    ]
    assert body["systemInstruction"]["parts"][0]["text"] == asked.system
    assert body["generationConfig"] == {"temperature": 0.9, "maxOutputTokens": 1024}
    assert {"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_ONLY_HIGH"} in body["safetySettings"]
    assert len(body["safetySettings"]) == 4


async def test_the_light_mode_is_shorter(gemini: Model, vendor: Vendor) -> None:
    await gemini.answer(prompt(mode="summary_light"), UsageMeter(), None)
    assert vendor.requests[0].body["generationConfig"]["maxOutputTokens"] == 320


@pytest.mark.parametrize("streaming", [False, True])
async def test_thoughts_are_paid_for_and_never_shown(gemini: Model, vendor: Vendor, streaming: bool) -> None:
    vendor.script = lambda request: Plan(pieces=("well",), tokens_a_piece=2, thought_tokens=40, input_tokens=9)
    meter = UsageMeter()
    if streaming:
        text = [piece async for piece in pieces(gemini, prompt(), meter)][-1].text
    else:
        text = (await gemini.answer(prompt(), meter, None)).text
    assert text == "well"
    assert meter.calls == [ModelCall("gemini:stand-in", Usage(9, 42))]


@pytest.mark.parametrize(("delay", "wait_s"), [("7s", 7), ("1.5s", 1.5), ("soon", 2), (None, 2)])
async def test_a_limit_says_until_when_in_its_details(gemini: Model, vendor: Vendor, delay: str | None, wait_s: float) -> None:
    vendor.script = lambda request: Plan(status=429, param=delay)
    with pytest.raises(ModelBusy) as busy:
        await gemini.answer(prompt(), UsageMeter(), None)
    assert busy.value.retry_after_s == wait_s
    assert str(busy.value) == "gemini:stand-in: 429 RESOURCE_EXHAUSTED"


class BrokenCredentials(Credentials):
    """Cannot be refreshed."""

    def __init__(self, error: Exception) -> None:
        super().__init__(None)  # type: ignore[no-untyped-call]
        self._failure = error

    def refresh(self, request: object) -> None:
        raise self._failure


@pytest.mark.parametrize(
    ("failure", "kind"),
    [(RefreshError("no"), ModelMisused), (TransportError("later", retryable=True), ModelUnavailable)],
    ids=["for good", "for now"],
)
@pytest.mark.parametrize("streaming", [False, True])
async def test_without_a_token_nothing_is_asked_and_nothing_is_paid(
    vendor: Vendor, failure: Exception, kind: type[ModelUnavailable], streaming: bool
) -> None:
    meter = UsageMeter()
    async with httpx2.AsyncClient() as client:
        model = Gemini(client, "stand-in", project="p", url=vendor.url, credentials=BrokenCredentials(failure))
        with pytest.raises(ModelUnavailable) as raised:
            _ = (
                [piece async for piece in pieces(model, prompt(), meter)]
                if streaming
                else await model.answer(prompt(), meter, None)
            )
    assert type(raised.value) is kind
    assert (vendor.requests, meter.calls) == ([], [])


async def test_what_the_environment_says_does_not_change_who_is_asked(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("GOOGLE_CLOUD_PROJECT", "other"), ("GOOGLE_GENAI_USE_VERTEXAI", "true"), ("GOOGLE_API_KEY", "other")):
        monkeypatch.setenv(name, value)
    async with GEMINI.at(vendor.url) as model:
        await model.answer(prompt(), UsageMeter(), None)
    assert vendor.requests[0].path.startswith("/v1/models/")
    assert vendor.requests[0].headers["x-goog-api-key"] == KEY
