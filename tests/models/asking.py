"""Asking a model in either way, and what the tests of all models say to it."""

from typing import Final

import pytest

from ion_mentoring.errors import ModelUnavailable
from ion_mentoring.models.protocol import Completion, Delta, Event, Message, Model, Prompt
from ion_mentoring.usage.meter import UsageMeter
from tests.models.prompts import prompt
from tests.vendors.plan import Billed, Plan
from tests.vendors.server import Vendor

WAYS: Final = ["whole", "streamed"]
ASKED: Final = prompt("어떻게 시작할까요?", history=(Message("user", "안녕하세요"), Message("assistant", "네, 안녕하세요!")))
KOREAN: Final = ("천천히", " 한 걸음씩", " 가 봐요 🌱", ".")


def does(vendor: Vendor, plan: Plan) -> None:
    """Has the vendor do the same with every request."""
    vendor.script = lambda request: plan


async def ask(model: Model, way: str, meter: UsageMeter, asked: Prompt = ASKED) -> Completion:
    """The completion in either way; a streamed one's pieces are its text."""
    if way == "whole":
        return await model.answer(asked, meter, None)
    said: list[Event] = []
    completion = await model.answer(asked, meter, said.append)
    assert "".join(event.text for event in said if isinstance(event, Delta)) == completion.text
    return completion


async def fails(model: Model, way: str, meter: UsageMeter) -> ModelUnavailable:
    """The error that asking ends with."""
    with pytest.raises(ModelUnavailable) as raised:
        await ask(model, way, meter)
    return raised.value


def billed(meter: UsageMeter) -> Billed:
    """The meter in the words of a vendor's books."""
    return Billed(meter.usage.input_tokens, meter.usage.output_tokens)
