"""Asking a model in either way, and what the tests of all models say to it."""

from typing import Final

import pytest

from ion_mentoring.errors import ModelUnavailable
from ion_mentoring.models.protocol import Completion, Delta, Event, Message, Model, Prompt
from ion_mentoring.usage.spending import Tab
from tests.models.prompts import prompt
from tests.vendors.plan import Billed, Plan
from tests.vendors.server import Vendor

WAYS: Final = ["whole", "streamed"]
ASKED: Final = prompt("어떻게 시작할까요?", history=(Message("user", "안녕하세요"), Message("assistant", "네, 안녕하세요!")))
KOREAN: Final = ("천천히", " 한 걸음씩", " 가 봐요 🌱", ".")


def does(vendor: Vendor, plan: Plan) -> None:
    """Has the vendor do the same with every request."""
    vendor.script = lambda request: plan


async def ask(model: Model, way: str, tab: Tab, asked: Prompt = ASKED) -> Completion:
    """The completion in either way; a streamed one's pieces are its text."""
    if way == "whole":
        return await model.answer(asked, tab, None)
    said: list[Event] = []
    completion = await model.answer(asked, tab, said.append)
    assert "".join(event.text for event in said if isinstance(event, Delta)) == completion.text
    return completion


async def fails(model: Model, way: str, tab: Tab) -> ModelUnavailable:
    """The error that asking ends with."""
    with pytest.raises(ModelUnavailable) as raised:
        await ask(model, way, tab)
    return raised.value


def billed(tab: Tab) -> Billed:
    """The tab in the words of a vendor's books."""
    return Billed(tab.usage.input_tokens, tab.usage.output_tokens)
