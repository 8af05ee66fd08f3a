"""Danger is looked for once in each answer, streamed or not, and what is said in danger is not put on record."""

import pytest
from msgspec.structs import replace

from ion_mentoring.handlers.api.v2 import V2
from ion_mentoring.handlers.web.app import App
from ion_mentoring.handlers.web.call import Endpoints
from ion_mentoring.understanding.safety.check import DangerCheck
from ion_mentoring.understanding.safety.danger import Danger
from tests.handlers.doors import Door, process, stream


class Counting:
    """Checks as the real one does, and counts."""

    def __init__(self, check: DangerCheck) -> None:
        self._check = check
        self.checked = 0

    def check(self, text: str, *, least: float = 0.0) -> Danger | None:
        self.checked += 1
        return self._check.check(text, least=least)


def counted(router: App) -> tuple[App, Counting]:
    v2: V2 = next(one.run.__self__ for one in router.endpoints.all if one.path == "/api/v2/process")  # type: ignore[attr-defined]
    course = v2.answer.safeguard.course
    counting_check = Counting(course.danger)
    past = replace(course.past, danger=counting_check)  # type: ignore[arg-type]
    course = replace(course, danger=counting_check, past=past)  # type: ignore[arg-type]
    answer = replace(v2.answer, safeguard=replace(v2.answer.safeguard, course=course))
    counting = replace(v2, answer=answer, streams=replace(v2.streams, answer=answer))
    return replace(router, endpoints=Endpoints(*counting.endpoints())), counting_check


@pytest.mark.parametrize("door", [process, stream])
@pytest.mark.parametrize(("text", "safety"), [(b"How do I rest well?", None), (b"I want to kill myself", "suicide")])
async def test_danger_is_looked_for_once(laptop: App, door: Door, text: bytes, safety: str | None) -> None:
    router, check = counted(laptop)
    outcome = await door(router, b'{"user_input": "%b", "use_cache": false}' % text)
    assert outcome.answer is not None
    assert outcome.answer["metadata"].get("safety") == safety
    assert check.checked == 1
