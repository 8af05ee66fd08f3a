"""What counts say: silent where nothing is, sure where something is, however often somebody looks."""

import math
import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ion_mentoring.experiments.experiment import Arm, Experiment
from ion_mentoring.experiments.metrics import Metric
from ion_mentoring.experiments.pooling import pooled
from ion_mentoring.experiments.ratio import SplitCheck, split_check
from ion_mentoring.experiments.sequence import LEAST, Difference, Sample, adjusted, difference, of_ratios, of_sums
from ion_mentoring.experiments.verdict import breaches, primary_differences, verdict

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ONE = Experiment("one", "weights", (Arm("usual"), Arm("other", 1, {"lua": 1.0}, 0.1)), NOON)
FAIR = SplitCheck(1.0, ok=True)


def shares(units: int, mean: float) -> Sample:
    return Sample(units, mean, mean * (1 - mean) / units)


def of(metric: Metric, usual: Sample, other: Sample) -> dict[Metric, dict[str, Sample]]:
    return {metric: {"usual": usual, "other": other}}


def judged(usual: Sample, other: Sample, experiment: Experiment = ONE) -> tuple[str, str]:
    found = verdict(experiment, FAIR, primary_differences(experiment, of("helpful", usual, other)))
    return found.decision, found.why


def test_nothing_is_said_of_a_few() -> None:
    found = difference(shares(LEAST - 1, 0.1), shares(5_000, 0.9))
    assert (found.half, found.p) == (math.inf, 1.0)


def test_the_interval_is_wider_than_that_of_a_single_look_and_shrinks() -> None:
    before = math.inf
    for units in (100, 1_000, 4_000, 100_000):
        found, once = difference(shares(units, 0.5), shares(units, 0.5)), 1.96 * math.sqrt(0.5 / units)
        assert once < found.half < 3.5 * once if units >= 1_000 else found.half > once
        assert found.half < before
        before = found.half


def test_the_p_value_is_the_level_whose_interval_ends_at_nothing() -> None:
    usual, other = shares(2_000, 0.60), shares(2_000, 0.64)
    found = difference(usual, other)
    assert found.low < 0 < found.high
    assert 0.05 < found.p < 1
    sure = difference(usual, shares(2_000, 0.70))
    assert sure.low > 0
    assert sure.p < 0.05


def test_sums_by_person_count_persons_and_not_their_answers() -> None:
    once, often = of_ratios([(1, 1), (0, 1)] * 50), of_ratios([(10, 10), (0, 10)] * 50)
    assert (once.mean, once.units) == (often.mean, often.units) == (0.5, 100)
    assert once.variance == pytest.approx(often.variance)
    assert of_ratios([]) == Sample()


def test_sums_of_single_answers_have_the_variance_of_their_mean() -> None:
    found = of_sums(4, 10, 30)
    assert (found.mean, found.variance) == (2.5, pytest.approx((30 / 4 - 6.25) / 4))
    assert of_sums(0, 0, 0) == Sample()


def test_an_a_a_run_stays_silent_at_thirty_looks_where_a_z_test_does_not() -> None:
    draw = random.Random(5)
    alarms = peeked = 0
    for _ in range(120):
        ups, false, z_false = [0, 0], False, False
        for look in range(1, 31):
            for arm in range(2):
                ups[arm] += sum(draw.random() < 0.6 for _ in range(60))
            usual, other = (shares(60 * look, number / (60 * look)) for number in ups)
            false |= difference(usual, other).p < 0.05
            z_false |= abs(other.mean - usual.mean) > 1.96 * math.sqrt(usual.variance + other.variance)
        alarms += false
        peeked += z_false
    assert alarms <= 8  # 5 % of 120 is 6
    assert peeked >= 24


def test_many_p_values_are_adjusted_together() -> None:
    assert adjusted({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.5}) == pytest.approx(
        {"a": 0.04, "b": 0.16 / 3, "c": 0.16 / 3, "d": 0.5}
    )
    assert adjusted({}) == {}


@pytest.mark.parametrize(
    ("people", "ok"),
    [
        ({"usual": 5_000, "other": 5_000}, True),
        ({"usual": 5_100, "other": 4_900}, True),
        ({"usual": 5_300, "other": 4_700}, False),
        ({"usual": 200, "other": 100}, False),
        ({"usual": 5_005_000, "other": 4_995_000}, True),  # sure, and too little to matter
        ({}, True),
    ],
)
def test_a_split_that_is_not_as_configured_is_found(people: dict[str, int], ok: bool) -> None:
    assert split_check(people, ONE.split).ok is ok


def test_the_split_is_checked_against_the_configured_one() -> None:
    assert split_check({"usual": 3_000, "other": 1_000}, {"usual": 0.75, "other": 0.25}).ok
    assert not split_check({"usual": 3_000, "other": 1_000}, {"usual": 0.5, "other": 0.5}).ok


def test_a_tone_with_few_people_is_drawn_to_all_tones_and_one_with_many_is_not() -> None:
    found = pooled(
        {
            "calm": (shares(20_000, 0.60), shares(20_000, 0.60)),
            "anxious": (shares(20_000, 0.60), shares(20_000, 0.70)),
            "urgent": (shares(40, 0.60), shares(40, 0.30)),
        }
    )
    assert found["calm"].shrunk == pytest.approx(0.0, abs=0.01)
    assert found["anxious"].shrunk == pytest.approx(0.1, abs=0.01)
    assert found["urgent"].raw == pytest.approx(-0.3)
    assert -0.1 < found["urgent"].shrunk < 0.05
    same = pooled({tone: (shares(500, 0.6), shares(500, 0.65)) for tone in ("calm", "urgent")})
    assert {round(one.shrunk, 6) for one in same.values()} == {0.05}
    assert pooled({}) == {}


def test_the_verdict_follows_the_interval() -> None:
    assert judged(shares(5_000, 0.60), shares(5_000, 0.70)) == ("ship", "better")
    assert judged(shares(5_000, 0.60), shares(5_000, 0.50)) == ("stop", "worse")
    assert judged(shares(5_000, 0.60), shares(5_000, 0.61)) == ("run", "early")
    assert judged(shares(400_000, 0.60), shares(400_000, 0.60)) == ("stop", "same")
    assert judged(Sample(), Sample()) == ("run", "early")


def test_where_less_is_better_the_verdict_turns_around() -> None:
    cost = replace(ONE, primary="cost_usd")
    samples = of("cost_usd", Sample(5_000, 0.02, 1e-9), Sample(5_000, 0.01, 1e-9))
    assert verdict(cost, FAIR, primary_differences(cost, samples)).decision == "ship"


def test_a_bad_split_goes_before_whatever_looks_better() -> None:
    better = primary_differences(ONE, of("helpful", shares(5_000, 0.6), shares(5_000, 0.7)))
    assert verdict(ONE, SplitCheck(1e6, ok=False), better).why == "split"
    assert verdict(ONE.without("other", "errors"), FAIR, better).why == "guardrail"


def test_a_guardrail_stops_the_arm_that_does_harm_and_no_other_one() -> None:
    three = replace(ONE, arms=(*ONE.arms, Arm("third", 1, {"nana": 1.0}, 0.1)))
    samples: dict[Metric, dict[str, Sample]] = {
        "errors": {"usual": shares(5_000, 0.001), "other": shares(5_000, 0.05), "third": shares(5_000, 0.001)},
        "latency_ms": {"usual": Sample(900, 100, 1), "other": Sample(900, 105, 1), "third": Sample(900, 300, 1)},
    }
    assert [(one.arm, one.metric) for one in breaches(three, samples)] == [("other", "errors"), ("third", "latency_ms")]
    assert [one.arm for one in breaches(three.without("other", "errors"), samples)] == ["third"]
    assert breaches(replace(three, guardrails=()), samples) == []
    assert breaches(three, {}) == []


def test_what_is_better_crosses_no_guardrail() -> None:
    assert breaches(ONE, of("latency_ms", Sample(900, 300, 1), Sample(900, 100, 1))) == []
    assert breaches(ONE, of("errors", shares(5_000, 0.05), shares(5_000, 0.001))) == []


def test_a_difference_has_two_ends() -> None:
    assert (Difference(0.1, 0.2, 0.5, 9).low, Difference(0.1, 0.2, 0.5, 9).high) == (-0.1, pytest.approx(0.3))
