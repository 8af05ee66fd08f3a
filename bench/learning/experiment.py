"""`python -m bench.learning.experiment`: experiments on simulated people, judged by the product's own statistics.

First many small ones, looked at all the time: how often is something found where nothing is, beside a z test that is looked at
as often; how often, and when, is a difference found that is there. Then a month of 500 mentees with tastes and 40,000
questions, looked at every day: one variant helps more, one less; and the same month with variants that are all alike.
"""

import argparse
import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from statistics import median
from typing import Final

from bench.learning.mentees import World
from bench.learning.recommend import EXPLORATION, MENTEES, QUESTIONS
from bench.learning.ways import START, ByTaste, by_table
from ion_mentoring.experiments.assignment import arm_of
from ion_mentoring.experiments.experiment import Arm, Experiment
from ion_mentoring.experiments.ratio import split_check
from ion_mentoring.experiments.sequence import ALPHA, Sample, difference
from ion_mentoring.experiments.verdict import breaches
from ion_mentoring.mentoring.experimenting.outcomes import Outcomes
from ion_mentoring.mentoring.experimenting.report import Report, reported
from ion_mentoring.records.feedback.protocol import Exposure, RatedAnswer, Rating

RUNS: Final = 300
EVERY, LOOKS = 100, 40  # ratings an arm between two looks, and the looks of a run
USUAL: Final = 0.60
MONTHS: Final = 12  # in which all arms are alike
EFFECTS: Final = {"better": 0.5, "worse": -0.8}  # logits: about 9 points more, and 16 fewer
ARMS: Final = (Arm("usual"), *(Arm(name, 1, {"lua": 1.0}, 0.1) for name in ("better", "worse")))


@dataclass
class Looked:
    """The findings of many runs: false or true alarms, those of a peeked z test, and after how many ratings an arm."""

    alarms: int = 0
    peeked: int = 0
    splits: int = 0
    after: list[int] = field(default_factory=list)


def looked_at(runs: int, other: float, seed: int) -> Looked:
    """Runs of two arms, looked at every so often until one look finds something."""
    draw, found = random.Random(seed), Looked()  # noqa: S311 - a simulation
    for _ in range(runs):
        ups, people, alarm, z_alarm, split = [0, 0], [0, 0], 0, False, False
        for look in range(1, LOOKS + 1):
            for arm, rate in enumerate((USUAL, other)):
                ups[arm] += _ups(draw, rate)
            usual, own = (_shares(EVERY * look, number) for number in ups)
            if not alarm and difference(usual, own).p < ALPHA:
                alarm = EVERY * look
            z_alarm |= abs(own.mean - usual.mean) > 1.96 * math.sqrt(usual.variance + own.variance)
            heads = _ups(draw, 0.5, 2 * EVERY)
            people = [people[0] + heads, people[1] + 2 * EVERY - heads]
            split |= not split_check(dict(zip("ab", people, strict=True)), {"a": 0.5, "b": 0.5}).ok
        found.alarms += bool(alarm)
        found.peeked += z_alarm
        found.splits += split
        found.after += [alarm] if alarm else []
    return found


def _ups(draw: random.Random, rate: float, number: int = EVERY) -> int:
    return sum(draw.random() < rate for _ in range(number))


def _shares(number: int, ups: int) -> Sample:
    mean = ups / number
    return Sample(number, mean, mean * (1 - mean) / number)


@dataclass
class Month:
    """A month of an experiment: when each arm was stopped, what the report said at last, and how often answers helped."""

    experiment: Experiment
    stopped: dict[str, float] = field(default_factory=dict)
    decided: dict[str, float] = field(default_factory=dict)
    report: Report | None = None
    helped: dict[str, list[float]] = field(default_factory=dict)


def lived(world: World, questions: int, seed: int, effects: Mapping[str, float]) -> Month:
    """A month in which recommendations learn, arms have these effects, and a guard and an operator look once a day."""
    draw, way = random.Random(seed), ByTaste("ours", EXPLORATION)  # noqa: S311
    month = Month(Experiment(f"month-{seed}", "weights", ARMS, START, state="running", started_at=START))
    outcomes, day = Outcomes(), 0
    for number, question in enumerate(world.questions(questions, seed + 1)):
        while day < int(question.day):
            day += 1
            _looked(month, outcomes, float(day))
        shares = way.shares(question)
        (persona,) = draw.choices(list(shares), list(shares.values()))
        arm = arm_of(month.experiment, f"mentee {question.mentee}")
        name = arm.id if arm else "none"
        chance = _lifted(world.helps(question, persona), effects.get(name, 0.0))
        month.helped.setdefault(name, []).append(chance)
        if draw.random() >= world.rates[question.mentee]:
            continue
        up = draw.random() < chance
        way.learn(question, persona, up)
        met = (Exposure(month.experiment.id, 1, name),) if arm else ()
        at = START + timedelta(days=question.day)
        answer = RatedAnswer(at, persona, 1, str(question.key), "en", "simulated", exposures=met)
        outcomes.add(month.experiment, str(question.mentee), Rating(str(number), at, "up" if up else "down", answer=answer))
    _looked(month, outcomes, 30.0)
    return month


def _looked(month: Month, outcomes: Outcomes, day: float) -> None:
    for one in breaches(month.experiment, outcomes.samples(month.experiment)):
        month.experiment = month.experiment.without(one.arm, one.metric)
        month.stopped[one.arm] = day
    month.report = reported(replace(month.experiment), outcomes)
    found = month.report.verdict
    if found.decision != "run" and found.why in ("better", "worse"):
        month.decided.setdefault(f"{found.decision} {found.arm}", day)


def _lifted(chance: float, logits: float) -> float:
    return 1 / (1 + math.exp(-(math.log(chance / (1 - chance)) + logits)))


def small_runs(runs: int, seed: int) -> bool:
    """Prints what many small experiments find; True where all is as it should be."""
    alike, better, worse = (looked_at(runs, rate, seed + place) for place, rate in enumerate((USUAL, 0.65, 0.55)))
    print(f"{runs} runs of two arms, a look every {EVERY} ratings an arm, {LOOKS} looks\n")
    print(f"{'':34} {'found':>8} {'after':>8} {'z, peeked':>10} {'split':>8}")
    for name, found in ((f"alike ({USUAL:.0%})", alike), ("better (65%)", better), ("worse (55%)", worse)):
        after = f"{median(found.after):,.0f}" if found.after else "-"
        print(f"{name:34} {found.alarms / runs:8.1%} {after:>8} {found.peeked / runs:10.1%} {found.splits / runs:8.1%}")
    return alike.alarms <= ALPHA * runs and better.alarms > 0.9 * runs and worse.alarms > 0.9 * runs


def months(mentees: int, questions: int, alike: int, seed: int) -> bool:
    """Prints the month, and months in which nothing differs; True where the better arm is found and the worse one stopped."""
    world = World(mentees, seed)
    month = lived(world, questions, seed, EFFECTS)
    print(f"\na month of {mentees} mentees and {questions:,} questions, looked at once a day\n")
    for name, chances in sorted(month.helped.items()):
        print(f"{name:34} helped {sum(chances) / len(chances):8.4f} in {len(chances):,} answers")
    for name, day in month.stopped.items():
        print(f"a guardrail stopped {name} on day {day:.0f}: {next(a.stopped for a in month.experiment.arms if a.id == name)}")
    for name, day in month.decided.items():
        print(f"the report said {name} from day {day:.0f} on")
    quiet = [lived(world, questions, seed + 100 + number, {}) for number in range(alike)]
    alarms = sum(bool(one.stopped or one.decided) for one in quiet)
    print(f"\nall arms alike: {alarms} of {alike} months with an alarm of any kind (two arms, five guardrails, the verdict)")
    table, ours = _gain(world, questions, seed)
    print(f"\nrecommendations: {table:.4f} by the table, {ours:.4f} with tastes, without any experiment")
    found = "worse" in month.stopped and "ship better" in month.decided and "better" not in month.stopped
    return found and alarms <= max(1, 0.1 * alike) and ours > table


def _gain(world: World, questions: int, seed: int) -> tuple[float, float]:
    """The share of answers that help, by the table alone and with what is learnt of people."""
    table, ours = by_table(), [chance for chances in lived(world, questions, seed, {}).helped.values() for chance in chances]
    asked = list(world.questions(questions, seed + 1))
    return sum(world.helps(one, next(iter(table.shares(one)))) for one in asked) / len(asked), sum(ours) / len(ours)


def main() -> int:
    """Simulates and prints; 1 where the statistics do not keep what they promise."""
    parser = argparse.ArgumentParser(prog="bench.learning.experiment")
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--months", type=int, default=MONTHS, help="in which all arms are alike")
    parser.add_argument("--mentees", type=int, default=MENTEES)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    kept = small_runs(asked.runs, asked.seed)
    kept &= months(asked.mentees, asked.questions, asked.months, asked.seed)
    return int(not kept)


if __name__ == "__main__":
    raise SystemExit(main())
