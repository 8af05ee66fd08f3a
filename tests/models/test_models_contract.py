"""The contract of every vendor's model: what it answers and what it puts on the meter; asked over sockets."""

import asyncio
from contextlib import aclosing

import pytest

from ion_mentoring.models.protocol import Delta, Model
from ion_mentoring.usage.meter import Usage, UsageMeter
from tests.listening import pieces
from tests.models.asking import ASKED, KOREAN, WAYS, ask, billed, does
from tests.models.subjects import KEY, Subject
from tests.vendors.plan import Billed, Plan
from tests.vendors.server import Vendor


@pytest.mark.parametrize("way", WAYS)
async def test_an_answer_is_the_vendors_text_under_the_models_name(
    model: Model, vendor: Vendor, subject: Subject, way: str
) -> None:
    does(vendor, Plan(pieces=KOREAN))
    completion = await ask(model, way, UsageMeter())
    assert completion.text == "".join(KOREAN)
    assert completion.model == model.name
    assert model.name.startswith(f"{subject.name.split()[0]}:")
    assert completion.language == ASKED.language
    assert not completion.cut_short


@pytest.mark.parametrize("way", WAYS)
async def test_the_tab_holds_to_the_token_what_the_vendor_bills(model: Model, vendor: Vendor, way: str) -> None:
    does(vendor, Plan(pieces=KOREAN, tokens_a_piece=5, thought_tokens=11, input_tokens=73))
    meter = UsageMeter()
    completion = await ask(model, way, meter)
    assert completion.usage == meter.usage == Usage(73, 11 + 4 * 5)
    assert vendor.total == billed(meter)
    assert [spent.model for spent in meter.calls] == [model.name]


@pytest.mark.parametrize("way", WAYS)
async def test_a_vendor_that_does_not_count_is_estimated(model: Model, vendor: Vendor, way: str) -> None:
    does(vendor, Plan(pieces=KOREAN, usage="never"))
    meter = UsageMeter()
    assert (await ask(model, way, meter)).usage.estimated
    assert meter.usage.estimated
    assert meter.usage.input_tokens > 0
    assert meter.usage.output_tokens > 0


@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize("way", WAYS)
async def test_characters_that_arrive_in_parts_are_put_together(model: Model, vendor: Vendor, way: str, size: int) -> None:
    does(vendor, Plan(pieces=KOREAN, slice_bytes=size))
    assert (await ask(model, way, UsageMeter())).text == "".join(KOREAN)


async def test_pieces_come_while_the_vendor_still_writes(model: Model, vendor: Vendor) -> None:
    does(vendor, Plan(pieces=("one", " two", " three"), delay_s=0.02))
    async with aclosing(pieces(model, ASKED, UsageMeter())) as stream:
        under_way = [(piece.text, vendor.at_once) async for piece in stream]
    assert under_way[:2] == [("one", 1), (" two", 1)]


async def test_a_count_on_the_way_is_told_with_its_piece(model: Model, vendor: Vendor) -> None:
    does(vendor, Plan(pieces=("one", " two"), tokens_a_piece=4, thought_tokens=2, input_tokens=9, usage="each"))
    async with aclosing(pieces(model, ASKED, UsageMeter())) as stream:
        deltas = [piece async for piece in stream if isinstance(piece, Delta)]
    assert deltas == [Delta("one", Usage(9, 6)), Delta(" two", Usage(9, 10))]


@pytest.mark.parametrize("way", WAYS)
async def test_many_are_answered_at_once(model: Model, vendor: Vendor, way: str) -> None:
    vendor.script = lambda request: Plan(pieces=(request.id, " done"), delay_s=0.03)
    tabs = [UsageMeter() for _ in range(20)]
    answers = await asyncio.gather(*(ask(model, way, meter) for meter in tabs))
    assert len({answer.text for answer in answers}) == 20
    assert vendor.most_at_once > 10
    assert sum((billed(meter) for meter in tabs), Billed()) == vendor.total


@pytest.mark.parametrize("way", WAYS)
async def test_a_connection_is_used_again(model: Model, vendor: Vendor, way: str) -> None:
    for _ in range(3):
        await ask(model, way, UsageMeter())
    assert vendor.connections == 1


@pytest.mark.parametrize("way", WAYS)
async def test_the_key_is_sent(model: Model, vendor: Vendor, way: str) -> None:
    await ask(model, way, UsageMeter())
    assert any(KEY in value for value in vendor.requests[0].headers.values())


@pytest.mark.parametrize("way", WAYS)
async def test_whoever_leaves_ends_the_vendors_work_and_is_counted(model: Model, vendor: Vendor, way: str) -> None:
    does(vendor, Plan(silent=True))
    meter = UsageMeter()
    asking = asyncio.ensure_future(ask(model, way, meter))
    await vendor.busy()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await vendor.idle()
    assert vendor.left == [vendor.requests[0].id]
    assert meter.usage.estimated
    assert meter.usage.input_tokens > 0
    assert meter.usage.output_tokens == 0


async def test_closing_a_stream_early_ends_the_vendors_work(model: Model, vendor: Vendor) -> None:
    does(vendor, Plan(pieces=("one ",) * 1_000, delay_s=0.005))
    meter = UsageMeter()
    async with aclosing(pieces(model, ASKED, meter)) as stream:
        assert await anext(stream) == Delta("one ")
        await anext(stream)
    await vendor.idle()
    assert vendor.left == [vendor.requests[0].id]
    assert vendor.total.output_tokens < 100
    assert meter.usage.estimated
    assert meter.usage.output_tokens > 0


async def test_a_stream_closed_early_is_counted_by_the_vendors_last_count(model: Model, vendor: Vendor) -> None:
    does(vendor, Plan(pieces=("one ",) * 1_000, delay_s=0.005, usage="each", tokens_a_piece=4, input_tokens=9))
    meter = UsageMeter()
    async with aclosing(pieces(model, ASKED, meter)) as stream:
        await anext(stream)
        await anext(stream)
    assert meter.usage == Usage(9, 8)


async def test_a_slow_answer_is_the_callers_to_bound(model: Model, vendor: Vendor) -> None:
    does(vendor, Plan(first_s=0.1, slice_bytes=40, slice_s=0.002))
    assert (await ask(model, "streamed", UsageMeter())).text == Plan().text
    does(vendor, Plan(stop_after=300, then="hang"))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await ask(model, "streamed", UsageMeter())
    await vendor.idle()
    assert len(vendor.left) == 1
