"""Every call to a vendor is counted, however it ends."""

import asyncio

import pytest

from ion_mentoring.usage.meter import ModelCall, Usage, UsageMeter, VendorCall

SENT = ("system words", "what was asked")


def test_usages_add_up_and_an_estimate_stays_one() -> None:
    assert Usage(1, 2) + Usage(10, 20, estimated=True) == Usage(11, 22, estimated=True)


def test_a_call_is_counted_as_its_vendor_counts() -> None:
    meter = UsageMeter()
    with meter.calling("m", SENT) as call:
        call.heard.append("some text")
        call.usage = Usage(100, 7)
    assert meter.calls == [ModelCall("m", Usage(100, 7))]


@pytest.mark.parametrize("error", [RuntimeError(), asyncio.CancelledError(), GeneratorExit()], ids=repr)
def test_a_call_that_is_cut_is_estimated_from_what_was_sent_and_heard(error: BaseException) -> None:
    meter = UsageMeter()

    def cut(call: VendorCall) -> None:
        call.heard += ["1234", "5678"]
        raise error

    with pytest.raises(type(error)), meter.calling("m", SENT) as call:
        cut(call)
    assert meter.calls == [ModelCall("m", Usage(3 + 4, 4, estimated=True))]


def test_what_the_vendor_does_not_bill_is_not_counted() -> None:
    meter = UsageMeter()
    with meter.calling("m", SENT) as call:
        call.billed = False
    assert meter.calls == []
    assert meter.usage == Usage()


def test_a_count_holds_even_if_the_call_is_cut_afterwards() -> None:
    meter = UsageMeter()

    def cut(call: VendorCall) -> None:
        call.usage = Usage(9, 9)
        raise RuntimeError

    with pytest.raises(RuntimeError), meter.calling("m", SENT) as call:
        cut(call)
    assert meter.usage == Usage(9, 9)


def test_what_somebody_else_counted_is_added() -> None:
    meter = UsageMeter()
    meter.add([ModelCall("a", Usage(1, 1)), ModelCall("b", Usage(2, 2))])
    assert meter.usage == Usage(3, 3)
