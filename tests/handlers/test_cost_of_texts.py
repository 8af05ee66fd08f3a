"""A text costs what its length says, whatever stands in it, so that no caller can buy much work with few words."""

import pytest

from bench.worst_texts import WANTED, milliseconds, router, texts
from ion_mentoring.handlers.web.app import App

TEXTS = texts()


@pytest.fixture(scope="module")
def asked() -> App:
    return router()


@pytest.mark.parametrize("kind", [kind for kind in TEXTS if kind != "English"])
async def test_4000_characters_of_anything_cost_at_most_three_times_those_of_english(asked: App, kind: str) -> None:
    for times in (3, 9, 27):  # a busy machine is given more than one chance
        english = await milliseconds(asked, TEXTS["English"], times)
        took = await milliseconds(asked, TEXTS[kind], times)
        if took <= WANTED * english:
            return
    pytest.fail(f"{took:.1f} ms, and {english:.1f} ms for English")
