"""Workers are killed and frozen at random moments while they work on a batch: nothing is lost, and nothing is there twice."""

import pytest

from bench.batches import killed


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(10))
async def test_a_batch_is_complete_once_and_paid_once_whatever_dies(seed: int) -> None:
    assert await killed("sqlite", 1_000, seed=seed) == ""


@pytest.mark.proof
async def test_the_same_on_the_emulators() -> None:
    assert await killed("emulators", 1_000) == ""
