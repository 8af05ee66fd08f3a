"""Danger is looked for once in each answer, streamed or not, and what is said in danger is not put on record."""

from dataclasses import replace

import pytest

from ion_mentoring.handlers.call import Endpoints
from ion_mentoring.handlers.http import HttpFunction
from ion_mentoring.handlers.v2 import V2
from ion_mentoring.safety.crisis import Crisis, CrisisSign
from tests.handlers.doors import Door, process, stream


class Counting:
    """Checks as the real one does, and counts."""

    def __init__(self, crisis: Crisis) -> None:
        self._crisis = crisis
        self.answer = crisis.answer
        self.checked = 0

    def check(self, text: str) -> CrisisSign | None:
        self.checked += 1
        return self._crisis.check(text)


def counted(router: HttpFunction) -> tuple[HttpFunction, Counting]:
    v2: V2 = next(one.run.__self__ for one in router.endpoints.all if one.path == "/api/v2/process")  # type: ignore[attr-defined]
    crisis = Counting(v2.answer.crisis)
    answer = replace(v2.answer, crisis=crisis)  # type: ignore[arg-type]
    counting = replace(v2, answer=answer, streams=replace(v2.streams, answer=answer))
    return replace(router, endpoints=Endpoints(*counting.endpoints())), crisis


@pytest.mark.parametrize("door", [process, stream])
@pytest.mark.parametrize(("text", "safety"), [(b"How do I rest well?", None), (b"I want to kill myself", "self_harm")])
async def test_danger_is_looked_for_once(laptop: HttpFunction, door: Door, text: bytes, safety: str | None) -> None:
    router, crisis = counted(laptop)
    outcome = await door(router, b'{"user_input": "%b", "use_cache": false}' % text)
    assert outcome.answer is not None
    assert outcome.answer["metadata"].get("safety") == safety
    assert crisis.checked == 1
