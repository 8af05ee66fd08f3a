"""Offline evaluation: right where it may be, and silent with a reason where it may not."""

import random

import pytest

from bench.learning.estimators import LEAST_EFFECTIVE, Choice, estimate
from bench.learning.recommend import months, replayed
from bench.learning.ways import by_table


def logged(number: int, chances: dict[str, float], worth: dict[str, float], target: dict[str, float]) -> list[Choice]:
    draw = random.Random(3)
    taken = draw.choices(list(chances), list(chances.values()), k=number)
    return [Choice(chances[one], target.get(one, 0.0), float(draw.random() < worth[one])) for one in taken]


WORTH = {"a": 0.8, "b": 0.3}


def test_the_worth_of_another_way_is_found_within_its_interval() -> None:
    found = estimate(logged(4_000, {"a": 0.1, "b": 0.9}, WORTH, {"a": 1.0}))
    assert found.snips == pytest.approx(0.8, abs=found.half * 1.5)
    assert found.ips == pytest.approx(0.8, abs=0.1)
    assert found.effective == pytest.approx(400, rel=0.15)
    assert not found.refused


def test_it_refuses_below_a_hundred_effective_choices_and_says_why() -> None:
    found = estimate(logged(500, {"a": 0.1, "b": 0.9}, WORTH, {"a": 1.0}))
    assert found.effective < LEAST_EFFECTIVE
    assert "effective" in found.refused
    assert found.snips != found.snips
    assert estimate([]).refused


def test_it_refuses_where_what_would_be_chosen_was_never_tried() -> None:
    found = estimate(logged(2_000, {"b": 1.0}, WORTH, {"a": 0.5, "b": 0.5}))
    assert "never tried" in found.refused


def test_ours_beats_the_table_anybody_and_everybodys_favourite() -> None:
    world, lives = months(120, 6_000, seed=7)
    ours = next(month for month in lives if month.way.name == "tastes (ours)")
    assert all(ours.mean > month.mean for month in lives[:3])
    assert ours.mean < lives[-1].mean, "the oracle"
    found = replayed(by_table(), ours.logged)
    assert not found.refused
    assert found.snips == pytest.approx(lives[1].mean, abs=0.05)
    assert world.mentees == 120
