"""What Gemini's answers say, how they end, and what they cost."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ion_mentoring.errors import ModelFiltered, ModelUnavailable
from ion_mentoring.models.gemini import Gemini
from ion_mentoring.models.protocol import Delta
from ion_mentoring.usage.meter import Usage, UsageMeter
from tests.listening import pieces
from tests.models.asking import ASKED, WAYS, ask, does, fails
from tests.models.gemini_bodies import body, plan_of
from tests.models.subjects import gemini_at
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor

REFUSALS: Final = ("SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR", "ESCALATION")
UNKNOWN: Final[tuple[object, ...]] = ("FINISH_REASON_UNSPECIFIED", "A_NEW_ONE", 7, {}, None)
FAILURES: Final = ("OTHER", "MALFORMED_RESPONSE", "UNEXPECTED_TOOL_CALL", "CONTINUATION", *UNKNOWN)


@pytest.fixture
async def model(vendor: Vendor) -> AsyncIterator[Gemini]:
    async with gemini_at(vendor.url) as made:
        yield made


async def test_thoughts_are_counted_and_not_shown(model: Gemini, vendor: Vendor) -> None:
    thought = {"text": "Hm.", "thought": True}
    counts = {"promptTokenCount": 5, "toolUsePromptTokenCount": 3, "candidatesTokenCount": 7, "thoughtsTokenCount": 11}
    does(vendor, plan_of(body(thought, "a", {"functionCall": {"name": "f"}}, "b", usage=counts)))
    meter = UsageMeter()
    assert (await ask(model, "whole", meter)).text == "ab"
    assert meter.usage == Usage(8, 18)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "usage",
    [
        None,
        {},
        {"trafficType": "ON_DEMAND"},
        {"promptTokenCount": 5},
        {"candidatesTokenCount": 7},
        {"promptTokenCount": -5, "candidatesTokenCount": 7},
        {"promptTokenCount": 5, "candidatesTokenCount": 10**12},
    ],
    ids=str,
)
async def test_a_count_that_is_incomplete_is_estimated(model: Gemini, vendor: Vendor, way: str, usage: object) -> None:
    does(vendor, plan_of(body("text", usage=usage)))
    meter = UsageMeter()
    await ask(model, way, meter)
    assert meter.usage.estimated
    assert meter.usage.output_tokens > 0


async def test_a_count_of_nothing_is_left_out(model: Gemini, vendor: Vendor) -> None:
    counts = {"promptTokenCount": 5, "thoughtsTokenCount": 11}
    does(vendor, plan_of({"candidates": [{"finishReason": "MAX_TOKENS"}], "usageMetadata": counts}))
    meter = UsageMeter()
    assert type(await fails(model, "whole", meter)) is ModelUnavailable
    assert meter.usage == Usage(5, 11)


async def test_a_count_on_the_way_that_has_no_text_yet_is_replaced(model: Gemini, vendor: Vendor) -> None:
    first, second = body("a", finish=None, usage={"promptTokenCount": 5}), body("b")
    does(vendor, plan_of(body(finish=None, usage={"promptTokenCount": 5}), first, second))
    meter = UsageMeter()
    async with aclosing(pieces(model, ASKED, meter)) as stream:
        assert await anext(stream) == Delta("a")
        assert await anext(stream) == Delta("b", Usage(5, 7))
    assert meter.usage == Usage(5, 7)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("reason", "kind"),
    [(reason, ModelFiltered) for reason in REFUSALS] + [(reason, ModelUnavailable) for reason in FAILURES],
    ids=str,
)
@pytest.mark.filterwarnings("ignore:A_NEW_ONE is not a valid FinishReason")  # the client's way to say so
async def test_only_a_good_end_is_one(
    model: Gemini, vendor: Vendor, way: str, reason: object, kind: type[ModelUnavailable]
) -> None:
    does(vendor, plan_of(body("secret text", finish=reason)))
    error = await fails(model, way, UsageMeter())
    assert type(error) is kind
    assert "secret" not in str(error)


@pytest.mark.parametrize("way", WAYS)
async def test_feedback_that_blocks_nothing_is_no_refusal(model: Gemini, vendor: Vendor, way: str) -> None:
    does(vendor, plan_of(body("a") | {"promptFeedback": {"safetyRatings": []}}))
    assert (await ask(model, way, UsageMeter())).text == "a"


@pytest.mark.parametrize("way", WAYS)
async def test_an_answer_is_not_continued_by_requests_that_nobody_counts(model: Gemini, vendor: Vendor, way: str) -> None:
    does(vendor, plan_of(body("a", finish="CONTINUATION", continuationToken="dG9rZW4=")))
    assert type(await fails(model, way, UsageMeter())) is ModelUnavailable
    assert len(vendor.requests) == 1


async def test_a_stream_that_breaks_off_is_not_taken_up_again(model: Gemini, vendor: Vendor) -> None:
    chunk = json.dumps(body("a", finish=None, continuationToken="dG9rZW4=")).encode() + b"\r\n"
    does(vendor, Plan(body=chunk + b"more", stop_after=len(chunk)))
    assert type(await fails(model, "streamed", UsageMeter())) is ModelUnavailable
    assert len(vendor.requests) == 1


NAMES = ("candidates", "content", "parts", "text", "thought", "usageMetadata", "promptTokenCount", "promptFeedback", "error")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.sampled_from(("STOP", "SAFETY")),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
CANDIDATE = st.fixed_dictionaries({"content": ANYTHING, "finishReason": ANYTHING})
RESPONSE = ANYTHING | st.fixed_dictionaries({"candidates": st.lists(CANDIDATE | ANYTHING, max_size=2)})


@settings(max_examples=60)
@given(responses=st.lists(RESPONSE, min_size=1, max_size=2), way=st.sampled_from(WAYS))
@pytest.mark.filterwarnings("ignore:.* is not a valid ")
def test_whatever_json_comes_is_an_answer_or_unavailable(responses: list[object], way: str) -> None:
    async def asked() -> None:
        async with Vendor(lambda request: plan_of(*responses)) as vendor, gemini_at(vendor.url) as model:
            await ask(model, way, UsageMeter())

    with contextlib.suppress(ModelUnavailable):
        asyncio.run(asked())
