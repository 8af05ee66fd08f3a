"""`python -m bench.learning.recommend`: a simulated month of recommendations beside other ways, and what replay makes of it.

Every way meets the same mentees with the same questions, and learns from what they rate of its own answers. What counts is the
true probability that the chosen persona helps, not the thumbs. Then the log of our way is replayed: what would the others
have been worth, by probabilities alone, and how far is that from the truth?
"""

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.learning.estimators import Choice, Estimate, estimate
from bench.learning.mentees import Question, World
from bench.learning.ways import ByLike, ByTaste, Way, by_chance, by_oracle, by_table

PICTURE: Final = Path(__file__).resolve().parents[2] / "docs" / "recommendations.png"
MENTEES, QUESTIONS = 500, 40_000
EXPLORATION: Final = 0.05
WEEKS: Final = 4


@dataclass
class Month:
    """One way's month: the true worth of each choice, in order, and the choices that were rated."""

    way: Way
    worth: list[float] = field(default_factory=list)
    logged: list[tuple[Question, str, float, bool]] = field(default_factory=list)

    @property
    def mean(self) -> float:
        """The mean worth."""
        return sum(self.worth) / len(self.worth)

    def weeks(self) -> list[float]:
        """The mean worth of each quarter."""
        size = len(self.worth) // WEEKS
        return [sum(self.worth[at * size : (at + 1) * size]) / size for at in range(WEEKS)]


def lived(way: Way, world: World, questions: Sequence[Question], seed: int) -> Month:
    """A month of a way."""
    draw, month = random.Random(seed), Month(way)  # noqa: S311 - a simulation
    for question in questions:
        shares = way.shares(question)
        (persona,) = draw.choices(list(shares), list(shares.values()))
        helps = world.helps(question, persona)
        up, rates = draw.random() < helps, draw.random() < world.rates[question.mentee]
        month.worth.append(sum(share * world.helps(question, one) for one, share in shares.items()))
        if rates:
            month.logged.append((question, persona, shares[persona], up))
            way.learn(question, persona, up)
    return month


def replayed(way: Way, log: Sequence[tuple[Question, str, float, bool]]) -> Estimate:
    """What a way would have been worth on another's log; it learns from the log as it goes."""
    choices = []
    for question, persona, chance, up in log:
        choices.append(Choice(chance, way.shares(question).get(persona, 0.0), float(up)))
        way.learn(question, persona, up)
    return estimate(choices)


def truth(way: Way, world: World, log: Sequence[tuple[Question, str, float, bool]]) -> float:
    """The true worth of a way on the questions of another's log."""
    total = 0.0
    for question, persona, _, up in log:
        shares = way.shares(question)
        total += sum(share * world.helps(question, one) for one, share in shares.items())
        way.learn(question, persona, up)
    return total / len(log)


def months(mentees: int, questions: int, seed: int) -> tuple[World, list[Month]]:
    """The month of every way."""
    world = World(mentees, seed)
    asked = list(world.questions(questions, seed + 1))
    ways: list[Way] = [
        by_chance(),
        by_table(),
        ByLike(),
        ByTaste("tastes, none tried", 0.0),
        ByTaste("tastes (ours)", EXPLORATION),
        by_oracle(world),
    ]
    return world, [lived(way, world, asked, seed + 2) for way in ways]


def main() -> int:
    """Simulates, prints, and draws where `--write` says so; 1 where ours does not beat all that can be had."""
    parser = argparse.ArgumentParser(prog="bench.learning.recommend")
    parser.add_argument("--mentees", type=int, default=MENTEES)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--write", action="store_true", help=f"draw {PICTURE.name}")
    asked = parser.parse_args()
    world, lives = months(asked.mentees, asked.questions, asked.seed)
    print(f"{asked.mentees} mentees, {asked.questions} questions, {len(lives[4].logged)} rated")
    print(f"\n{'way':24} {'helped':>8} " + " ".join(f"{f'week {week}':>8}" for week in range(1, WEEKS + 1)))
    for month in lives:
        print(f"{month.way.name:24} {month.mean:8.4f} " + " ".join(f"{one:8.4f}" for one in month.weeks()))
    table, ours, best = lives[1].mean, lives[4].mean, lives[5].mean
    print(f"\nof what the table leaves to the oracle, ours finds {(ours - table) / (best - table):.0%}")
    _replay(world, lives[4].logged)
    if asked.write:
        draw(lives)
    return int(ours <= max(month.mean for month in lives[:3]))


def _replay(world: World, log: Sequence[tuple[Question, str, float, bool]]) -> None:
    print(f"\n{'replayed on our log':24} {'truth':>8} {'IPS':>8} {'SNIPS':>8} {'+-':>6} {'effective':>10}")
    pairs: list[tuple[Way, Way]] = [
        (ByTaste("tastes (ours)", EXPLORATION), ByTaste("", EXPLORATION)),
        (ByTaste("tastes, none tried", 0.0), ByTaste("", 0.0)),
        (by_table(), by_table()),
        (by_oracle(world), by_oracle(world)),
    ]
    for way, again in pairs:
        found, true = replayed(way, log), truth(again, world, log)
        said = found.refused or f"{found.ips:8.4f} {found.snips:8.4f} {found.half:6.4f} {found.effective:10.0f}"
        print(f"{way.name:24} {true:8.4f} {said}")
    few = replayed(by_table(), log[:90])
    print(f"{'the table, 90 ratings':24} {'':8} {few.refused}")


def draw(lives: Sequence[Month]) -> None:
    """The picture of the month: what each way finds of what the table leaves to the oracle, by quarter."""
    import matplotlib.pyplot as plt

    table, best = lives[1].weeks(), lives[5].weeks()
    figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
    for month in lives[2:5]:
        found = [(one - low) / (high - low) for one, low, high in zip(month.weeks(), table, best, strict=True)]
        axes.plot(range(1, WEEKS + 1), found, marker="o", label=month.way.name)
    axes.axhline(0, color="grey", linewidth=0.8)
    axes.set(xlabel="week", ylabel="share of the gap", xticks=range(1, WEEKS + 1), title="From the table (0) to the oracle (1)")
    axes.legend(frameon=False)
    figure.savefig(PICTURE, dpi=110)


if __name__ == "__main__":
    raise SystemExit(main())
