"""Sums of ratings: older ones count less, and everybody's figures are made of enough people or of a larger group."""

from datetime import UTC, datetime, timedelta

import pytest

from ion_mentoring.mentoring.recommending.tallies import LEAST_PEOPLE, counted, evidence, population, tallies, teaching
from ion_mentoring.records.feedback.protocol import RatedAnswer, Rating
from ion_mentoring.records.feedback.sqlite import SqliteRatings
from ion_mentoring.records.profiles.protocol import HALF_LIFE, Tally
from ion_mentoring.wiring.stores import sqlite_database

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ANSWER = RatedAnswer(NOON, "lua", 1, "anxious-medium-learning", "ko", "playbook")
CELL = ("anxious", "lua")


def rated(verdict: str | None = "up", outcome: str | None = None, days: float = 0) -> Rating:
    at = NOON - timedelta(days=days)
    return Rating("r", at, verdict, (), outcome, ANSWER)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verdict", "outcome", "expected"),
    [
        ("up", None, (1, 1)),
        ("down", None, (0, 1)),
        ("up", "helped", (2, 2)),
        ("down", "helped", (1, 2)),
        ("up", "not", (1, 2)),
        (None, "tried", (0, 0)),
    ],
)
def test_thumb_and_outcome_count_once_each(verdict: str | None, outcome: str | None, expected: tuple[int, int]) -> None:
    assert evidence(rated(verdict, outcome)) == expected


def test_a_rating_counts_half_after_its_half_life() -> None:
    sums = tallies([rated(days=HALF_LIFE.days), rated("down")], NOON)
    assert sums == {CELL: Tally(pytest.approx(0.5), pytest.approx(1.5))}


def test_what_nothing_vouches_for_or_was_forgotten_teaches_nothing() -> None:
    unknown = Rating("r", NOON, "up")
    assert teaching([unknown, rated(days=10), rated(None, "tried")], NOON - timedelta(days=1)) == ()


def test_figures_are_of_twenty_people_at_least_or_of_a_larger_group() -> None:
    enough = [{CELL: Tally(1.0, 2.0)} for _ in range(LEAST_PEOPLE)]
    few = [{("calm", "lua"): Tally(2.0, 2.0), ("calm", "elro"): Tally(2.0, 2.0)} for _ in range(LEAST_PEOPLE - 1)]
    found = population([*enough, *few], 99, NOON)
    assert found.cells == {CELL: 0.5}
    assert set(found.personas) == {"lua"}, "nobody's figures are made of nineteen people"
    assert found.value("calm", "lua") == found.personas["lua"]
    assert found.value("calm", "elro") == found.mean
    assert population(few, 9, NOON).mean == 0.5, "with too few at all, nothing is said"


def test_the_prior_is_small_where_people_differ_and_large_where_they_do_not() -> None:
    differ = [{CELL: Tally(20.0 * (place % 2), 20.0)} for place in range(60)]
    alike = [{CELL: Tally(10.0, 20.0)} for _ in range(60)]
    assert population(differ, 1, NOON).prior == 3.0
    assert population(alike, 1, NOON).prior == 50.0


async def test_the_population_is_counted_from_all_that_is_kept() -> None:
    ratings = SqliteRatings(sqlite_database(":memory:"), lambda: NOON)
    for person in range(LEAST_PEOPLE):
        await ratings.put(f"person {person}", rated("up" if person % 4 else "down"))
    found = await counted(ratings, lambda: NOON)
    assert (found.ratings, found.people, found.cells) == (20, 20, {CELL: 0.75})
