"""The verdict on an experiment: go on, stop, or take an arm; and the arms that a guardrail stops."""

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct

from ion_mentoring.experiments.experiment import Experiment
from ion_mentoring.experiments.metrics import RULES, Metric
from ion_mentoring.experiments.ratio import SplitCheck
from ion_mentoring.experiments.sequence import ALPHA, Difference, Sample, difference

Samples = Mapping[Metric, Mapping[str, Sample]]  # by metric and arm
Decision = Literal["run", "stop", "ship"]
Why = Literal["split", "guardrail", "better", "worse", "same", "early"]


class Breach(Struct, frozen=True):
    """A guardrail that an arm has crossed."""

    arm: str
    metric: Metric
    difference: Difference


class Verdict(Struct, frozen=True):
    """The decision, the reason for it, and the arm that it is about."""

    decision: Decision
    why: Why
    arm: str | None = None


def breaches(experiment: Experiment, samples: Samples) -> list[Breach]:
    """The guardrails that arms have crossed for certain, at however many looks; the chances of a false alarm are shared out."""
    arms = [arm for arm in experiment.arms[1:] if arm.stopped is None]
    found: list[Breach] = []
    if not arms or not experiment.guardrails:
        return found
    alpha = ALPHA / len(arms) / len(experiment.guardrails)
    for metric in experiment.guardrails:
        rule, by_arm = RULES[metric], samples.get(metric, {})
        usual = by_arm.get(experiment.usual.id, Sample())
        bears = rule.bears * abs(usual.mean) if rule.relative else rule.bears
        for arm in arms:
            found_diff = difference(usual, by_arm.get(arm.id, Sample()), alpha)
            least_harm = found_diff.low if rule.better < 0 else -found_diff.high
            if least_harm > bears:
                found.append(Breach(arm.id, metric, found_diff))
    return found


def primary_differences(experiment: Experiment, samples: Samples) -> dict[str, Difference]:
    """The difference of each arm in the primary metric; with several arms, each interval is wider."""
    by_arm, arms = samples.get(experiment.primary, {}), experiment.arms[1:]
    usual = by_arm.get(experiment.usual.id, Sample())
    return {arm.id: difference(usual, by_arm.get(arm.id, Sample()), ALPHA / len(arms)) for arm in arms}


def verdict(experiment: Experiment, split: SplitCheck, differences: Mapping[str, Difference]) -> Verdict:
    """The verdict; a bad split goes before everything, a guardrail before what is better."""
    if not split.ok:
        return Verdict("stop", "split")
    left = [arm for arm in experiment.arms[1:] if arm.stopped is None]
    if not left:
        return Verdict("stop", "guardrail", experiment.arms[-1].id)
    better, matters = RULES[experiment.primary].better, experiment.min_effect
    ways = {arm.id: _towards(differences[arm.id], better) for arm in left}
    best = max(ways, key=lambda arm: ways[arm][0])
    if ways[best][0] > 0:
        return Verdict("ship", "better", best)
    if all(high < 0 for _, high in ways.values()):
        return Verdict("stop", "worse", best)
    if all(-matters < low and high < matters for low, high in ways.values()):
        return Verdict("stop", "same", best)
    return Verdict("run", "early", best)


def _towards(found: Difference, better: int) -> Sequence[float]:
    return (found.low, found.high) if better > 0 else (-found.high, -found.low)
