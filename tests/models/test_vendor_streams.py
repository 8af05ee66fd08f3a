"""The odd streams of real servers: each gives what its file says, however its bytes are cut."""

from dataclasses import replace
from typing import Final

import pytest

from ion_mentoring.errors import ModelBusy, ModelFiltered, ModelUnavailable
from ion_mentoring.models.protocol import Completion, Event, Model, Started
from ion_mentoring.usage.meter import UsageMeter
from tests.models.asking import ASKED, does
from tests.models.subjects import GEMINI, OPENAI
from tests.vendors.corpus import Odd, odd_streams
from tests.vendors.server import Vendor

SUBJECTS: Final = {"openai": OPENAI, "gemini": GEMINI}
ERRORS: Final = {"refused": ModelFiltered, "busy": ModelBusy, "unavailable": ModelUnavailable}


@pytest.mark.parametrize("size", [None, 1, 7], ids=["at once", "by bytes", "by sevens"])
@pytest.mark.parametrize("odd", odd_streams(), ids=str)
@pytest.mark.filterwarnings("ignore:.* is not a valid FinishReason")  # the client's way to say so
async def test_an_odd_stream_gives_what_its_file_says(vendor: Vendor, odd: Odd, size: int | None) -> None:
    does(vendor, replace(odd.plan, slice_bytes=size))
    async with SUBJECTS[odd.wire].at(vendor.url) as model:
        if odd.gives in ERRORS:
            with pytest.raises(ModelUnavailable) as raised:
                await _asked(model, odd.way)
            assert type(raised.value) is ERRORS[odd.gives]
            return
        completion, restarts = await _asked(model, odd.way)
    assert (completion.text, completion.cut_short, restarts) == (odd.text, odd.gives == "cut short", odd.restarts)


async def _asked(model: Model, way: str) -> tuple[Completion, int]:
    """The completion, whose text is all that stands of what was shown, and how often that was withdrawn."""
    if way == "whole":
        return await model.answer(ASKED, UsageMeter(), None), 0
    shown: list[str] = []
    restarts = 0

    def say(event: Event) -> None:
        nonlocal restarts
        if isinstance(event, Started):
            assert shown
            shown.clear()
            restarts += 1
        elif event.text:
            shown.append(event.text)

    completion = await model.answer(ASKED, UsageMeter(), say)
    assert completion.text == "".join(shown)
    return completion, restarts
