"""Workers are killed and frozen at random moments while they work on a batch: nothing is lost, and nothing is there twice."""

import pytest

from bench.batch_kills import main, survived


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(10))
async def test_a_batch_is_complete_once_and_paid_once_whatever_dies(seed: int) -> None:
    found = await survived("sqlite", 1_000, seed=seed)
    assert (found.complete, found.once, found.agrees) == (True, True, True), found.line()


@pytest.mark.proof
async def test_the_same_on_the_emulators() -> None:
    found = await survived("emulators", 1_000)
    assert (found.complete, found.once, found.agrees) == (True, True, True), found.line()


@pytest.mark.proof
def test_the_command_says_what_it_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--runs", "2", "--items", "60"]) == 0
    said = capsys.readouterr().out
    assert said.count(": well: completed: 60 of 60 answered, 60 items with a result, 60 results, 60 charges") == 2
    assert "2 times in a row: complete, each item once, the ledger agrees to the token" in said
