"""The report on an experiment: what is known of each arm, what that means, and what to do."""

import math
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from ion_mentoring.experiments.experiment import Experiment
from ion_mentoring.experiments.metrics import RULES, Metric
from ion_mentoring.experiments.pooling import Pooled, pooled
from ion_mentoring.experiments.ratio import SplitCheck, split_check
from ion_mentoring.experiments.sequence import Difference, Sample, adjusted, difference
from ion_mentoring.experiments.verdict import Samples, Verdict, primary_differences, verdict
from ion_mentoring.mentoring.experimenting.outcomes import Outcomes
from ion_mentoring.mentoring.recommending.tallies import LEAST_PEOPLE

RATED: Final = ("helpful", "down")  # metrics whose units are people; those of the others are answers
WIDTHS: Final = 3.0  # standard errors of half an interval that may be looked at all the time


class MetricReport(Struct, frozen=True):
    """A metric of an arm beside that of the usual one; None where fewer than `LEAST_PEOPLE` stand behind either."""

    metric: Metric
    usual: float | None
    value: float | None
    difference: Difference
    adjusted: float


class ArmReport(Struct, frozen=True):
    """All that is known of an arm: its metrics, the primary one first, and the shrunk differences by tone."""

    arm: str
    metrics: tuple[MetricReport, ...]
    by_tone: dict[str, Pooled]


class Report(Struct, frozen=True):
    """The report; `more` is how many people who rate each arm still needs, roughly, before the effect that matters shows."""

    experiment: Experiment
    people: dict[str, int]
    answers: dict[str, dict[str, int]]
    split: SplitCheck
    arms: tuple[ArmReport, ...]
    verdict: Verdict
    more: int | None


def reported(experiment: Experiment, outcomes: Outcomes) -> Report:
    """The report of some outcomes."""
    samples, people = outcomes.samples(experiment), outcomes.people()
    split = split_check({arm: people.get(arm, 0) for arm in experiment.split}, experiment.split)
    differences = primary_differences(experiment, samples)
    many = {arm for arm, number in people.items() if number >= LEAST_PEOPLE}
    arms = tuple(
        ArmReport(arm.id, _metrics(experiment, samples, differences, arm.id, many), _by_tone(experiment, outcomes, arm.id))
        for arm in experiment.arms[1:]
    )
    found = verdict(experiment, split, differences)
    more = _more(experiment, samples[experiment.primary]) if found.decision == "run" else None
    told = {arm: people.get(arm, 0) for arm in experiment.split}
    return Report(experiment, told, outcomes.answers(), split, arms, found, more)


def _metrics(
    experiment: Experiment, samples: Samples, differences: Mapping[str, Difference], arm: str, many: set[str]
) -> tuple[MetricReport, ...]:
    """The metrics of an arm; `many` are the arms that enough people have met."""
    names = [experiment.primary, *(name for name in RULES if name != experiment.primary)]
    usual, own = ({name: samples[name].get(one, Sample()) for name in names} for one in (experiment.usual.id, arm))
    found = {name: difference(usual[name], own[name]) for name in names[1:]}
    ps = {**adjusted({name: one.p for name, one in found.items()}), experiment.primary: differences[arm].p}
    found[experiment.primary] = differences[arm]
    known, told = experiment.usual.id in many, arm in many
    return tuple(
        MetricReport(name, _told(name, usual[name], known), _told(name, own[name], told), found[name], ps[name])
        for name in names
    )


def _told(metric: Metric, sample: Sample, many: bool) -> float | None:
    """The mean, where enough people stand behind it: those who rated, or those whose answers were summed."""
    return sample.mean if (sample.units >= LEAST_PEOPLE if metric in RATED else many) else None


def _by_tone(experiment: Experiment, outcomes: Outcomes, arm: str) -> dict[str, Pooled]:
    """The differences at the tones where enough people stand behind both arms."""
    usual, own = outcomes.by_tone(experiment.usual.id), outcomes.by_tone(arm)
    both = {tone: (usual[tone], own[tone]) for tone in sorted(usual.keys() & own.keys())}
    return pooled({tone: pair for tone, pair in both.items() if min(one.units for one in pair) >= LEAST_PEOPLE})


def _more(experiment: Experiment, by_arm: Mapping[str, Sample]) -> int | None:
    """The people whom each arm needs until its interval is as narrow as the effect that matters, by about three errors."""
    known = [by_arm[arm.id] for arm in experiment.arms if arm.id in by_arm and by_arm[arm.id].units >= LEAST_PEOPLE]
    if not known:
        return None
    each = max(one.variance * one.units for one in known)
    needed = 2 * each * (WIDTHS / experiment.min_effect) ** 2
    return max(0, math.ceil(needed) - min(one.units for one in known))
