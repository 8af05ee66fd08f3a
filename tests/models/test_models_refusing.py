"""The contract of every vendor's model: what an answer that is none, or an error of the vendor's, becomes, and costs."""

import json
import time
from email.utils import formatdate

import pytest

from ion_mentoring.errors import ModelBusy, ModelFiltered, ModelMisused, ModelRefused, ModelUnavailable
from ion_mentoring.models.protocol import Model
from ion_mentoring.usage.meter import UsageMeter
from tests.models.asking import WAYS, ask, billed, does, fails
from tests.models.subjects import KEY, Subject
from tests.vendors.plan import Plan
from tests.vendors.server import Vendor


@pytest.mark.parametrize("way", WAYS)
async def test_an_answer_at_its_limit_is_cut_short(model: Model, vendor: Vendor, way: str) -> None:
    does(vendor, Plan(finish="length"))
    assert (await ask(model, way, UsageMeter())).cut_short


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "plan",
    [
        Plan(pieces=(), thought_tokens=40, finish="length", input_tokens=5),
        Plan(pieces=(), input_tokens=5),
        Plan(pieces=(" ", "\n"), input_tokens=5),
    ],
    ids=["thinking used the limit up", "nothing", "white space"],
)
async def test_what_is_no_answer_fails_and_is_paid(model: Model, vendor: Vendor, way: str, plan: Plan) -> None:
    does(vendor, plan)
    meter = UsageMeter()
    assert type(await fails(model, way, meter)) is ModelUnavailable
    assert billed(meter) == vendor.total


@pytest.mark.parametrize("way", WAYS)
async def test_a_filtered_answer_is_refused_and_paid(model: Model, vendor: Vendor, way: str) -> None:
    does(vendor, Plan(finish="filter"))
    meter = UsageMeter()
    assert type(await fails(model, way, meter)) is ModelFiltered
    assert billed(meter) == vendor.total


@pytest.mark.parametrize("way", WAYS)
async def test_a_question_that_the_vendor_does_not_take_is_refused_and_costs_nothing(
    model: Model, vendor: Vendor, subject: Subject, way: str
) -> None:
    for plan, kind in ((subject.too_long, ModelRefused), (subject.blocked, ModelFiltered)):
        does(vendor, plan)
        meter = UsageMeter()
        assert type(await fails(model, way, meter)) is kind
        assert meter.calls == [] or billed(meter) == vendor.total


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, ModelMisused),
        (307, ModelMisused),
        (400, ModelMisused),
        (401, ModelMisused),
        (403, ModelMisused),
        (404, ModelMisused),
        (422, ModelMisused),
        (429, ModelBusy),
        (500, ModelUnavailable),
        (502, ModelUnavailable),
        (503, ModelUnavailable),
        (504, ModelUnavailable),
    ],
)
async def test_an_error_status_costs_nothing_and_is_told_apart(
    model: Model, vendor: Vendor, way: str, status: int, kind: type[ModelUnavailable]
) -> None:
    does(vendor, Plan(status=status, headers={"location": f"{vendor.url}/elsewhere"} if status < 400 else {}))
    meter = UsageMeter()
    error = await fails(model, way, meter)
    assert type(error) is kind
    assert str(status) in str(error)
    assert meter.calls == []
    assert len(vendor.requests) == 1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("after", ["17", "17.0", "date"])
async def test_a_busy_vendor_says_how_long(model: Model, vendor: Vendor, way: str, status: int, after: str) -> None:
    does(vendor, Plan(status=status, headers={"Retry-After": formatdate(time.time() + 17) if after == "date" else after}))
    error = await fails(model, way, UsageMeter())
    assert type(error) is ModelBusy
    assert error.retry_after_s == pytest.approx(17, abs=2)


async def test_a_busy_vendor_that_says_nothing_is_left_alone_for_a_moment(model: Model, vendor: Vendor) -> None:
    does(vendor, Plan(status=429))
    assert 0.5 <= ((await fails(model, "whole", UsageMeter())).retry_after_s or 0) <= 30


@pytest.mark.parametrize("way", WAYS)
async def test_an_error_says_neither_the_key_nor_what_was_said(
    model: Model, vendor: Vendor, subject: Subject, way: str
) -> None:
    said = "secret words"  # which vendors repeat in their errors
    plans = [subject.too_long, subject.blocked, *(Plan(status=status) for status in (400, 401, 429, 500))]
    plans += [Plan(body=said.encode()), Plan(body=json.dumps({"error": {"code": 400, "message": said}}).encode())]
    plans += [Plan(pieces=(said,), finish="filter")]
    for plan in plans:
        does(vendor, plan)
        error = await fails(model, way, UsageMeter())
        told = f"{error} {error!r} {error.details}"
        assert not [word for word in (KEY, "secret", "시작") if word in told]


async def test_an_error_instead_of_the_end_of_a_stream_fails(model: Model, vendor: Vendor) -> None:
    does(vendor, Plan(error="server_error"))
    meter = UsageMeter()
    await fails(model, "streamed", meter)
    assert meter.usage.output_tokens > 0
