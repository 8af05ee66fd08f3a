"""What was found a moment ago is told again, and found out once however many ask."""

import asyncio

import pytest

from ion_mentoring.resilience.remembered import Remembered
from tests.fakes import Clock


class Work:
    """Gives how often it ran, or fails as long as it is told to."""

    def __init__(self) -> None:
        self.runs = 0
        self.fails = False

    async def __call__(self) -> int:
        self.runs += 1
        await asyncio.sleep(0)
        if self.fails:
            raise LookupError
        return self.runs


async def test_many_who_ask_at_once_or_soon_cost_one_run() -> None:
    work, clock = Work(), Clock()
    remembered = Remembered(work, 2, clock)
    assert await asyncio.gather(*(remembered.value() for _ in range(9))) == [1] * 9
    clock.tick(1.9)
    assert await remembered.value() == 1
    clock.tick(0.1)
    assert await remembered.value() == 2


async def test_a_failure_is_not_remembered() -> None:
    work = Work()
    remembered = Remembered(work, 2, Clock())
    work.fails = True
    with pytest.raises(LookupError):
        await remembered.value()
    work.fails = False
    assert await remembered.value() == 2
