"""What only a stream of an OpenAI-compatible server does."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from ion_mentoring.errors import ModelBusy, ModelFiltered, ModelUnavailable
from ion_mentoring.models.openai_compatible import OpenAICompatible
from ion_mentoring.models.protocol import Delta
from ion_mentoring.usage.meter import Usage, UsageMeter
from tests.listening import pieces
from tests.models.asking import ASKED, ask, does, fails
from tests.models.subjects import openai_at
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor


@pytest.fixture
async def model(vendor: Vendor) -> AsyncIterator[OpenAICompatible]:
    async with openai_at(vendor.url) as made:
        yield made


COUNTS = ("prompt_tokens", "completion_tokens")


def stream_of(*chunks: object, end: str = "data: [DONE]\n\n") -> bytes:
    """The body of a stream with these chunks."""
    return "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks).encode() + end.encode()


def chunk(text: object = None, finish: str | None = None, **more: object) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text, **more}, "finish_reason": finish}]}


async def test_a_stream_may_hold_what_is_not_text(model: OpenAICompatible, vendor: Vendor) -> None:
    body = b": KEEP ALIVE\r\n\r\nevent: ping\r\n\r\n" + stream_of(
        chunk("", reasoning_content="hm", role="assistant") | {"usage": None},
        {"choices": [{"index": 1, "delta": {"content": "another"}, "finish_reason": None}]},
        chunk([{"type": "thinking", "thinking": []}, {"type": "text", "text": "a"}, 7]),
        chunk("b", ""),
        chunk(None, "stop"),
        {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}},
    ).replace(b"\n", b"\r\n")
    does(vendor, Plan(body=body, headers={"content-type": "text/event-stream; charset=zip"}))
    meter = UsageMeter()
    assert (await ask(model, "streamed", meter)).text == "ab"
    assert meter.usage == Usage(3, 2)


@pytest.mark.parametrize(
    "body",
    [
        stream_of(chunk("a"), end=""),
        stream_of(chunk("a", "tool_calls")),
        stream_of(chunk("a", "error")),
        stream_of(chunk("a"), {"choices": [{"delta": 7}]}),
        stream_of(chunk(7, "stop")),
    ],
    ids=["no end", "tools", "error", "no delta", "no text"],
)
async def test_a_stream_without_a_good_end_is_cut(model: OpenAICompatible, vendor: Vendor, body: bytes) -> None:
    does(vendor, Plan(body=body))
    assert type(await fails(model, "streamed", UsageMeter())) is ModelUnavailable


async def test_what_comes_after_the_end_is_not_heard(model: OpenAICompatible, vendor: Vendor) -> None:
    does(vendor, Plan(body=stream_of(chunk("a", "stop")) + stream_of(chunk("b"))))
    assert (await ask(model, "streamed", UsageMeter())).text == "a"


async def test_an_answer_that_turns_into_a_refusal_is_refused(model: OpenAICompatible, vendor: Vendor) -> None:
    does(vendor, Plan(body=stream_of(chunk("I"), chunk(refusal="can't"), chunk(None, "stop"))))
    assert type(await fails(model, "streamed", UsageMeter())) is ModelFiltered


async def test_an_event_without_end_is_not_read_to_its_end(model: OpenAICompatible, vendor: Vendor) -> None:
    does(vendor, Plan(body=b"data: " + bytes(50_000_000), slice_bytes=65_536))
    await fails(model, "streamed", UsageMeter())
    await vendor.idle()
    assert vendor.left
    assert vendor.sent[vendor.left[0]] < 20_000_000


async def test_a_stream_that_stays_open_after_its_end_is_not_waited_for(model: OpenAICompatible, vendor: Vendor) -> None:
    body = stream_of(chunk("a", "stop"))
    does(vendor, Plan(body=body + b": more", stop_after=len(body), then="hang"))
    async with asyncio.timeout(2):
        assert (await ask(model, "streamed", UsageMeter())).text == "a"
    await vendor.idle()
    assert len(vendor.left) == 1


async def test_an_answer_in_json_to_one_who_wants_a_stream_is_none(model: OpenAICompatible, vendor: Vendor) -> None:
    does(vendor, Plan(headers={"content-type": "application/json"}, stop_after=9, then="hang"))
    await fails(model, "streamed", UsageMeter())
    async with asyncio.timeout(2):
        await vendor.idle()
    assert len(vendor.left) == 1


async def test_an_error_in_a_stream_has_the_status_that_it_names(model: OpenAICompatible, vendor: Vendor) -> None:
    does(vendor, Plan(body=stream_of(chunk("so far"), {"error": {"code": 429, "message": "secret words"}}, end="")))
    meter = UsageMeter()
    async with aclosing(pieces(model, ASKED, meter)) as stream:
        assert await anext(stream) == Delta("so far")
        with pytest.raises(ModelBusy):
            await anext(stream)
    assert meter.usage.estimated
    assert meter.usage.output_tokens > 0
