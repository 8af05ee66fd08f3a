"""The benches of batches count what happened, and say no to what is lost, twice or charged otherwise."""

from dataclasses import replace

import pytest

from bench.batch_kills import Havoc, Survived
from bench.batches import Measured, _growth, measured

WELL = Survived(
    items=3,
    state="completed",
    places=("00001", "00002", "00003"),
    answered=3,
    charged=3,
    in_results=(30, 60),
    in_ledger=(30, 60),
    calls=4,
    seconds=2.0,
    havoc=Havoc(2, 1),
    notices=1,
)


def test_a_batch_that_lost_nothing_is_told_with_its_counts() -> None:
    assert WELL.whole
    assert WELL.line() == (
        "completed: 3 of 3 answered, 3 items with a result, 3 results, 3 charges, 30 + 60 tokens, "
        "the ledger agrees to the token, 1 notice; 2 kills, 1 freezes, 4 calls of the model, 2 s"
    )


@pytest.mark.parametrize(
    ("changes", "complete", "once", "agrees"),
    [
        ({"state": "running"}, False, True, True),
        ({"places": ("00001", "00003"), "answered": 2, "charged": 2}, False, True, True),
        ({"places": ("00001", "00002", "00004")}, False, True, True),
        ({"answered": 2, "charged": 2}, False, True, True),
        ({"places": ("00001", "00002", "00002", "00003"), "answered": 4, "charged": 4}, True, False, True),
        ({"charged": 4}, True, False, True),
        ({"notices": 2}, True, False, True),
        ({"in_ledger": (30, 61)}, True, True, False),
    ],
)
def test_what_is_lost_twice_or_charged_otherwise_is_not_well(
    changes: dict[str, object], complete: bool, once: bool, agrees: bool
) -> None:
    found = replace(WELL, **changes)  # type: ignore[arg-type]
    assert (found.complete, found.once, found.agrees) == (complete, once, agrees)
    assert not found.whole


def test_growth_is_told_an_item_and_of_the_further_items_alone() -> None:
    found = [Measured(items, 1.0 + items * 0.01, 80.0, 80.0) for items in (100, 1_000, 10_000)]
    figures = [(row.what, row.figure, row.met) for row in _growth("sqlite", found)]
    assert figures == [
        ("time an item, 1000 against 100, sqlite", 0.55, True),
        ("time an item, 10000 against 1000, sqlite", 0.918, True),
        ("time a further item, beyond 1000, sqlite", 1.0, True),
    ]
    slower = [*found[:2], Measured(10_000, 140.0, 80.0, 80.0)]
    assert [row.met for row in _growth("sqlite", slower)] == [True, False, False]


@pytest.mark.slow
async def test_a_small_batch_is_measured_with_what_it_writes() -> None:
    (found,) = await measured("sqlite", (24,))
    assert found.seconds > 0
    assert found.after_mib > 20
    assert found.written is not None
    assert 24 <= found.written.batches <= 24 * 4
    assert found.written.ledger >= 24
    assert "24 items in " in found.line()
