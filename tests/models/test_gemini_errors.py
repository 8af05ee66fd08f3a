"""What Gemini's errors are to us, as a status and within a stream, whatever their bodies are."""

import json
import traceback
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Final

import pytest

from ion_mentoring.errors import ModelBusy, ModelMisused, ModelRefused, ModelUnavailable
from ion_mentoring.models.gemini import Gemini
from ion_mentoring.models.protocol import Delta
from ion_mentoring.usage.meter import UsageMeter
from tests.listening import pieces
from tests.models.asking import ASKED, WAYS, does, fails
from tests.models.gemini_bodies import body, error_of, plan_of
from tests.models.subjects import KEY, gemini_at
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor


@pytest.fixture
async def model(vendor: Vendor) -> AsyncIterator[Gemini]:
    async with gemini_at(vendor.url) as made:
        yield made


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("name", "message", "kind"),
    [
        ("INVALID_ARGUMENT", "The input token count (9) exceeds the maximum number of tokens allowed (8).", ModelRefused),
        ("INVALID_ARGUMENT", "Unable to submit request because the input token count is 9 but model only ...", ModelRefused),
        ("INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", ModelMisused),
        ("FAILED_PRECONDITION", "User location is not supported for the API use.", ModelMisused),
    ],
)
async def test_only_a_question_that_is_too_long_is_refused(
    model: Gemini, vendor: Vendor, way: str, name: str, message: str, kind: type[ModelUnavailable]
) -> None:
    plain = error_of(400, name, message)
    for form in (plain, b"[" + plain + b"]"):  # Vertex puts an error before a stream into a list
        does(vendor, Plan(status=400, body=form))
        assert type(await fails(model, way, UsageMeter())) is kind


ODD: Final = [b"\xff\xfe no text", b"[" * 100_000, b'"no"', b'{"error": "no"}', b"null", b"[]", b"", bytes(20_000_000)]
ODD_FORM: Final = b'{"error": {"details": 7, "status": 7, "message": 7, "code": "no"}}'


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("error", [*ODD, ODD_FORM], ids=lambda error: f"{error[:20]!r}")
@pytest.mark.parametrize(("status", "kind"), [(401, ModelMisused), (429, ModelBusy), (500, ModelUnavailable)])
async def test_an_error_is_told_apart_whatever_its_body(
    model: Gemini, vendor: Vendor, way: str, error: bytes, status: int, kind: type[ModelUnavailable]
) -> None:
    does(vendor, Plan(status=status, body=error))
    meter = UsageMeter()
    assert type(await fails(model, way, meter)) is kind
    assert meter.calls == []


@pytest.mark.parametrize("way", WAYS)
async def test_an_error_body_that_breaks_off_leaves_its_status(model: Gemini, vendor: Vendor, way: str) -> None:
    does(vendor, Plan(status=401, stop_after=5))
    assert type(await fails(model, way, UsageMeter())) is ModelMisused


@pytest.mark.parametrize(
    ("detail", "seconds"),
    [
        ({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.074824224s"}, 34.074824224),
        ({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "7s"}, 7.0),
        ({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "999999999s"}, 3_600.0),
        ({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "soon"}, 2.0),
        ({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0s"}, 2.0),
        ({"@type": "type.googleapis.com/google.rpc.QuotaFailure", "retryDelay": "7s"}, 2.0),
        (7, 2.0),
    ],
)
async def test_a_retry_info_says_how_long(model: Gemini, vendor: Vendor, detail: object, seconds: float) -> None:
    does(vendor, Plan(status=429, body=error_of(429, "RESOURCE_EXHAUSTED", "no", detail)))
    error = await fails(model, "whole", UsageMeter())
    assert type(error) is ModelBusy
    assert error.retry_after_s == pytest.approx(seconds)
    assert "RESOURCE_EXHAUSTED" in str(error)


@pytest.mark.parametrize(
    ("code", "kind"),
    [(429, ModelBusy), (400, ModelMisused), (503, ModelUnavailable), (200, ModelUnavailable), ("429", ModelUnavailable)],
)
async def test_an_error_within_a_stream_is_paid(
    model: Gemini, vendor: Vendor, code: object, kind: type[ModelUnavailable]
) -> None:
    so_far = json.dumps(body("so far", finish=None, usage=None)).encode()
    does(vendor, Plan(body=b"data: " + so_far + b"\r\n\r\ndata: " + error_of(code, "secret words") + b"\r\n\r\n"))
    meter = UsageMeter()
    async with aclosing(pieces(model, ASKED, meter)) as stream:
        assert await anext(stream) == Delta("so far")
        with pytest.raises(ModelUnavailable) as raised:
            await anext(stream)
    assert type(raised.value) is kind
    assert meter.usage.output_tokens > 0
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("way", WAYS)
async def test_not_even_the_causes_of_an_error_say_what_was_said(model: Gemini, vendor: Vendor, way: str) -> None:
    said = [Plan(status=400), Plan(body=b'{"secret words": '), plan_of(body("secret words", finish={"secret words": 1}))]
    for plan in said:
        does(vendor, plan)
        told = "".join(traceback.format_exception(await fails(model, way, UsageMeter())))
        assert not [word for word in (KEY, "secret") if word in told]
