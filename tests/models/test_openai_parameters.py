"""What an OpenAI-compatible server teaches about the parameters that it does not take."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest

from ion_mentoring.errors import ModelMisused
from ion_mentoring.models.openai_compatible import OpenAICompatible
from ion_mentoring.usage.meter import UsageMeter
from tests.models.asking import ASKED, WAYS, ask, billed, does, fails
from tests.models.subjects import openai_at
from tests.vendors.plan import Plan, Request
from tests.vendors.server import Vendor

NO_MAX_TOKENS = Plan(status=400, error="unsupported_parameter", param="max_tokens")
NO_TEMPERATURE = Plan(status=400, error="unsupported_value", param="temperature")


@pytest.fixture
async def model(vendor: Vendor) -> AsyncIterator[OpenAICompatible]:
    async with openai_at(vendor.url) as made:
        yield made


COUNTS = ("prompt_tokens", "completion_tokens")


def unless(wrong: Callable[[dict[str, Any]], bool], refusal: Plan) -> Callable[[Request], Plan]:
    """A script of a server that refuses some requests."""
    return lambda request: refusal if wrong(request.body) else Plan()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "refusal",
    [
        NO_MAX_TOKENS,
        Plan(
            status=400,
            body=b"""{"error": {"code": "invalid_request_body", "message":
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."}}""",
        ),
    ],
    ids=["named", "said"],
)
async def test_the_newer_name_of_the_limit_is_learned_once(
    model: OpenAICompatible, vendor: Vendor, way: str, refusal: Plan
) -> None:
    vendor.script = unless(lambda body: "max_tokens" in body, refusal)
    meter = UsageMeter()
    await ask(model, way, meter)
    await ask(model, way, meter)
    refused, *taken = [request.body for request in vendor.requests]
    assert refused["max_tokens"] == ASKED.generation.max_output_tokens
    assert [body["max_completion_tokens"] for body in taken] == [ASKED.generation.max_output_tokens] * 2
    assert len(meter.calls) == 2
    assert billed(meter) == vendor.total


async def test_several_parameters_are_learned_in_one_call(model: OpenAICompatible, vendor: Vendor) -> None:
    vendor.script = lambda request: (
        NO_MAX_TOKENS if "max_tokens" in request.body else NO_TEMPERATURE if "temperature" in request.body else Plan()
    )
    meter = UsageMeter()
    await ask(model, "whole", meter)
    assert len(vendor.requests) == 3
    assert len(meter.calls) == 1


async def test_how_much_to_think_is_sent_as_it_was_set_until_the_server_does_not_take_it(vendor: Vendor) -> None:
    does_not_think = Plan(status=400, error="unsupported_parameter", param="reasoning_effort")
    async with httpx2.AsyncClient(trust_env=False) as client:
        model = OpenAICompatible(client, f"{vendor.url}/v1", "m", None, thinking="low")
        await ask(model, "whole", UsageMeter())
        vendor.script = unless(lambda body: "reasoning_effort" in body, does_not_think)
        await ask(model, "whole", UsageMeter())
    assert [request.body.get("reasoning_effort") for request in vendor.requests] == ["low", "low", None]


async def test_calls_at_once_learn_each_for_itself(model: OpenAICompatible, vendor: Vendor) -> None:
    vendor.script = unless(lambda body: "max_tokens" in body, NO_MAX_TOKENS)
    await asyncio.gather(*(ask(model, "whole", UsageMeter()) for _ in range(5)))
    assert len(vendor.requests) == 10


async def test_a_server_that_cannot_count_in_streams_is_asked_without(model: OpenAICompatible, vendor: Vendor) -> None:
    body = {"message": {"detail": [{"type": "extra_forbidden", "loc": ["body", "stream_options"]}]}, "object": "error"}
    vendor.script = unless(lambda asked: "stream_options" in asked, Plan(status=422, body=json.dumps(body).encode()))
    meter = UsageMeter()
    await ask(model, "streamed", meter)
    assert meter.usage.estimated


@pytest.mark.parametrize(
    "refusal",
    [
        Plan(status=400, error="invalid_value", param="max_tokens"),
        Plan(status=400, error="unsupported_parameter", param="messages"),
        Plan(status=400, error="unsupported_parameter"),
        Plan(status=404, error="unsupported_parameter", param="max_tokens"),
    ],
)
async def test_another_refusal_teaches_nothing(model: OpenAICompatible, vendor: Vendor, refusal: Plan) -> None:
    does(vendor, refusal)
    assert type(await fails(model, "whole", UsageMeter())) is ModelMisused
    assert len(vendor.requests) == 1


async def test_a_server_that_takes_neither_name_is_not_asked_for_ever(model: OpenAICompatible, vendor: Vendor) -> None:
    no_newer_name = Plan(status=400, error="unsupported_parameter", param="max_completion_tokens")
    vendor.script = lambda request: NO_MAX_TOKENS if "max_tokens" in request.body else no_newer_name
    assert type(await fails(model, "whole", UsageMeter())) is ModelMisused
    assert len(vendor.requests) == 2
