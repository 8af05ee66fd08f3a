"""What is OpenAI's own: the request on the wire, bodies in its many dialects, and what a call costs before it is sent."""

import asyncio
import gzip
import json
import tracemalloc
from collections.abc import AsyncIterator

import httpx2
import pytest

from ion_mentoring.errors import ModelMisused, SettingsInvalid
from ion_mentoring.models.openai_compatible import OpenAICompatible
from ion_mentoring.models.protocol import Completion
from ion_mentoring.usage.meter import Usage, UsageMeter
from tests.models.asking import ASKED, WAYS, ask, does, fails
from tests.models.prompts import prompt
from tests.models.subjects import KEY, openai_at
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor

COUNTS = ("prompt_tokens", "completion_tokens")


@pytest.fixture
async def model(vendor: Vendor) -> AsyncIterator[OpenAICompatible]:
    async with openai_at(vendor.url) as made:
        yield made


COUNTS = ("prompt_tokens", "completion_tokens")


@pytest.mark.parametrize("way", WAYS)
async def test_the_prompt_is_sent_as_documented(model: OpenAICompatible, vendor: Vendor, way: str) -> None:
    await ask(model, way, UsageMeter())
    (request,) = vendor.requests
    streaming = {"stream": True, "stream_options": {"include_usage": True}} if way == "streamed" else {}
    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body == {
        "model": "stand-in",
        "messages": [
            {"role": "system", "content": ASKED.system},
            {"role": "user", "content": "안녕하세요"},
            {"role": "assistant", "content": "네, 안녕하세요!"},
            {"role": "user", "content": "어떻게 시작할까요?"},
        ],
        "max_tokens": ASKED.generation.max_output_tokens,
        "temperature": ASKED.generation.temperature,
        **streaming,
    }


async def test_the_light_mode_has_its_own_limit(model: OpenAICompatible, vendor: Vendor) -> None:
    light = prompt("hi", mode="summary_light")
    await ask(model, "whole", UsageMeter(), light)
    assert vendor.requests[0].body["max_tokens"] == light.generation.light_output_tokens


async def test_a_server_without_keys_is_sent_none(vendor: Vendor) -> None:
    async with httpx2.AsyncClient(trust_env=False) as client:
        await OpenAICompatible(client, f"{vendor.url}/v1", "llama3", None).answer(ASKED, UsageMeter(), None)
    assert "authorization" not in vendor.requests[0].headers


async def test_a_clients_own_time_limit_and_redirects_are_not_used(vendor: Vendor) -> None:
    async with httpx2.AsyncClient(trust_env=False, timeout=0.01, follow_redirects=True) as client:
        model = OpenAICompatible(client, f"{vendor.url}/v1", "llama3", None)
        does(vendor, Plan(first_s=0.05))
        assert (await ask(model, "whole", UsageMeter())).text == Plan().text
        does(vendor, Plan(status=307, headers={"location": "/v1/elsewhere"}))
        assert type(await fails(model, "whole", UsageMeter())) is ModelMisused
    assert len(vendor.requests) == 2


@pytest.mark.parametrize("key", ["sk-secret\n", "sk-비밀"])
async def test_a_key_that_no_header_holds_is_told_without_it(key: str) -> None:
    async with httpx2.AsyncClient(trust_env=False) as client:
        with pytest.raises(SettingsInvalid) as raised:
            OpenAICompatible(client, "http://127.0.0.1/v1", "m", key)
    assert "sk-" not in str(raised.value)


async def test_an_address_that_is_none_is_told_at_once() -> None:
    async with httpx2.AsyncClient(trust_env=False) as client:
        with pytest.raises(SettingsInvalid):
            OpenAICompatible(client, "http://127.0.0.1:port/v1", "m", None)


# Whole bodies


def whole(**message: object) -> bytes:
    return json.dumps({"choices": [{"message": message, "finish_reason": "stop"}]}).encode()


async def test_a_whole_answer_may_come_in_parts_without_a_count(model: OpenAICompatible, vendor: Vendor) -> None:
    does(vendor, Plan(body=whole(content=[{"type": "text", "text": "a"}, {"type": "text", "text": "b"}])))
    completion = await ask(model, "whole", UsageMeter())
    assert completion == Completion("ab", "openai:stand-in", ASKED.language, Usage(estimated=True))


@pytest.mark.parametrize(
    "usage", [{}, 7, {"prompt_tokens": -1, "completion_tokens": 2}, {"prompt_tokens": 1, "completion_tokens": 10**40}]
)
async def test_a_count_that_is_none_is_estimated(model: OpenAICompatible, vendor: Vendor, usage: object) -> None:
    body = json.loads(whole(content="text")) | {"usage": usage}
    does(vendor, Plan(body=json.dumps(body).encode()))
    meter = UsageMeter()
    await ask(model, "whole", meter)
    assert meter.usage.estimated


@pytest.mark.parametrize("status", [200, 500])
async def test_a_body_without_end_is_not_read_to_its_end(model: OpenAICompatible, vendor: Vendor, status: int) -> None:
    does(vendor, Plan(status=status, body=bytes(50_000_000), slice_bytes=65_536))
    await fails(model, "whole", UsageMeter())
    await vendor.idle()
    assert vendor.left
    assert vendor.sent[vendor.left[0]] < 20_000_000


async def test_a_small_body_that_unfolds_does_not_fill_memory(model: OpenAICompatible, vendor: Vendor) -> None:
    packed = gzip.compress(bytes(100_000_000), compresslevel=1)
    does(vendor, Plan(body=packed, headers={"content-encoding": "gzip"}))
    tracemalloc.start()
    try:
        await fails(model, "whole", UsageMeter())
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


async def test_an_error_body_that_breaks_off_leaves_its_status(model: OpenAICompatible, vendor: Vendor) -> None:
    does(vendor, Plan(status=401, stop_after=5))
    assert type(await fails(model, "whole", UsageMeter())) is ModelMisused


async def test_a_quota_that_is_used_up_is_not_waited_for(model: OpenAICompatible, vendor: Vendor) -> None:
    does(vendor, Plan(status=429, error="insufficient_quota"))
    error = await fails(model, "whole", UsageMeter())
    assert type(error) is ModelMisused
    assert "insufficient_quota" in str(error)


# Money


async def test_whoever_leaves_before_a_connection_is_free_costs_nothing(vendor: Vendor) -> None:
    does(vendor, Plan(silent=True))
    async with httpx2.AsyncClient(trust_env=False, limits=httpx2.Limits(max_connections=1)) as client:
        model = OpenAICompatible(client, f"{vendor.url}/v1", "m", None)
        first, second = UsageMeter(), UsageMeter()
        asking = [asyncio.ensure_future(ask(model, "whole", meter)) for meter in (first, second)]
        await vendor.busy()
        for task in reversed(asking):
            task.cancel()
        await asyncio.wait(asking)
    assert len(vendor.requests) == len(first.calls) == 1
    assert second.calls == []
