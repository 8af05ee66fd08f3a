"""What is measured of misses, over a few questions."""

import time

import pytest

from bench.misses import REST, STEPS, Stopwatch, measured
from bench.steps import FRESH
from bench.unheard import unheard


async def test_every_step_of_a_miss_is_timed() -> None:
    with unheard():
        times, steps = await measured(2, [f"{text} (again)" for text in FRESH])  # the warm-up asks them otherwise
    assert len(times.cpu_us) == len(times.wall_us) == 2 * len(FRESH)
    assert set(steps) == {*(name for name, _, _ in STEPS), REST}
    assert all(took > 0 for took in steps.values()), "a step that takes no time is not the one that runs"


async def test_what_a_cache_knows_is_not_measured() -> None:
    with unheard(), pytest.raises(ValueError, match="where misses are measured"):
        await measured(1, [FRESH[0], FRESH[0]])


def test_a_step_within_another_counts_for_itself_alone() -> None:
    watch = Stopwatch()

    def busy(seconds: float) -> None:
        until = time.thread_time() + seconds
        while time.thread_time() < until:
            pass

    inner = watch.watched("inner", lambda: busy(0.02))
    watch.watched("outer", lambda: (busy(0.01), inner()))()
    assert 0.02 <= watch.spent["inner"] < 0.03
    assert 0.01 <= watch.spent["outer"] < 0.02
