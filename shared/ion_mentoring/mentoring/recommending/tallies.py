"""Sums of ratings: of one person by tone and persona, and of everybody from groups that are large enough."""

from collections.abc import Callable, Iterable
from datetime import datetime
from statistics import fmean, pvariance
from typing import Final, TypeVar

from ion_mentoring.records.feedback.protocol import Rating, Ratings
from ion_mentoring.records.profiles.protocol import HALF_LIFE, Cell, Population, Tally

LEAST_PEOPLE: Final = 20  # of whom a figure of everybody's may be made
PRIOR: Final = 8.0  # ratings, where too few are there to estimate it
PRIOR_RANGE: Final = (3.0, 50.0)
PAGE: Final = 500

Group = TypeVar("Group")


def evidence(rating: Rating) -> Tally:
    """The evidence in one rating: the thumb, and what came of it, each counting once."""
    ups = (rating.verdict == "up") + (rating.outcome == "helped")
    return Tally(ups, (rating.verdict is not None) + (rating.outcome in ("helped", "not")))


def decay(then: datetime, now: datetime) -> float:
    """The weight of what was said then: half after `HALF_LIFE`."""
    return float(0.5 ** (max(0.0, (now - then).total_seconds()) / HALF_LIFE.total_seconds()))


def teaching(ratings: Iterable[Rating], since: datetime | None) -> tuple[Rating, ...]:
    """The ratings of a person that teach something: of those from a moment on, what is said of an answer that is known."""
    return tuple(one for one in ratings if one.answer and evidence(one).weight and not (since and one.at < since))


def tallies(ratings: Iterable[Rating], now: datetime) -> dict[Cell, Tally]:
    """The decayed sums of one person's ratings that teach something."""
    sums: dict[Cell, Tally] = {}
    for rating in ratings:
        if rating.answer is None:
            continue
        ups, weight = evidence(rating)
        cell, share = (rating.answer.tone, rating.answer.persona), decay(rating.at, now)
        before = sums.get(cell, Tally(0.0, 0.0))
        sums[cell] = Tally(before.ups + share * ups, before.weight + share * weight)
    return sums


async def counted(ratings: Ratings, now: Callable[[], datetime]) -> Population:
    """The population from all ratings that are kept; cells of fewer than `LEAST_PEOPLE` people are left out."""
    people: dict[str, dict[Cell, Tally]] = {}
    place, number, at = "", 0, now()
    while page := await ratings.page(place, PAGE):
        for one in page:
            of_one = people.setdefault(one.owner, {})
            for cell, (ups, weight) in tallies(teaching((one.rating,), None), at).items():
                before = of_one.get(cell, Tally(0.0, 0.0))
                of_one[cell] = Tally(before.ups + ups, before.weight + weight)
                number += 1
        place = page[-1].place
    return population([sums for sums in people.values() if sums], number, at)


def population(people: list[dict[Cell, Tally]], ratings: int, at: datetime) -> Population:
    """The figures of everybody, each of at least `LEAST_PEOPLE` people, else of a larger group."""
    cells = _means(people, lambda cell: cell)
    personas = _means(people, lambda cell: cell[1])
    everybody = _means(people, lambda _cell: None).get(None, 0.5)
    return Population(cells, personas, everybody, _prior(people), ratings, len(people), at)


def _means(people: list[dict[Cell, Tally]], group: Callable[[Cell], Group]) -> dict[Group, float]:
    sums: dict[Group, list[float]] = {}
    for one in people:
        own: dict[Group, list[float]] = {}
        for cell, (ups, weight) in one.items():
            mine = own.setdefault(group(cell), [0.0, 0.0])
            mine[0] += ups
            mine[1] += weight
        for name, (ups, weight) in own.items():
            total = sums.setdefault(name, [0.0, 0.0, 0])
            total[0] += ups
            total[1] += weight
            total[2] += 1
    return {name: round(ups / weight, 4) for name, (ups, weight, heads) in sums.items() if heads >= LEAST_PEOPLE and weight}


def _prior(people: list[dict[Cell, Tally]]) -> float:
    """The number of ratings that the population outweighs, by moments: how much people differ beyond what chance does."""
    by_cell: dict[Cell, list[Tally]] = {}
    for one in people:
        for cell, tally in one.items():
            if tally.weight >= 2:
                by_cell.setdefault(cell, []).append(tally)
    estimates = [_spread(found) for found in by_cell.values() if len(found) >= LEAST_PEOPLE]
    if not estimates:
        return PRIOR
    least, most = PRIOR_RANGE
    return round(min(most, max(least, fmean(estimates))), 2)


def _spread(found: list[Tally]) -> float:
    """a + b of the beta distribution whose people these may be."""
    shares = [ups / weight for ups, weight in found]
    mean = min(0.99, max(0.01, fmean(shares)))
    chance = mean * (1 - mean)
    within = chance * fmean(1 / weight for _, weight in found)
    between = max(chance / 100, pvariance(shares) - within)
    return chance / between - 1
