"""Who meets which arm: decided by hashes, evenly, and for good."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ion_mentoring.errors import ValidationFailed
from ion_mentoring.experiments.assignment import NONE, REMEMBERED, Assigning, arm_of, bucket, overlap
from ion_mentoring.experiments.experiment import Arm, Experiment, Scope

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
OTHER = Arm("other", 1, {"lua": 1.0}, 0.1)
ONE = Experiment("one", "weights", (Arm("usual"), OTHER), NOON)
UNITS = [f"unit {number}" for number in range(20_000)]


def arms(experiment: Experiment) -> dict[str, str | None]:
    found = {unit: arm_of(experiment, unit) for unit in UNITS}
    return {unit: arm.id if arm else None for unit, arm in found.items()}


def test_a_bucket_is_the_same_everywhere_and_for_good() -> None:
    assert (bucket("salt", "kim"), bucket("salt", "김")) == (8273, 5493)


def test_people_are_split_by_the_arms_parts() -> None:
    third = Arm("third", 2, {"nana": 1.0}, 0.1)
    counted = Counter(arms(replace(ONE, arms=(Arm("usual"), OTHER, third))).values())
    shares = {arm: number / len(UNITS) for arm, number in counted.items()}
    assert shares == pytest.approx({"usual": 0.25, "other": 0.25, "third": 0.5}, abs=0.012)


def test_as_exposure_grows_everybody_keeps_their_arm_and_the_split_stays() -> None:
    before: dict[str, str | None] = dict.fromkeys(UNITS)
    for exposure in (0.05, 0.2, 0.21, 0.9, 1.0):
        now = arms(replace(ONE, exposure=exposure))
        assert all(now[unit] == arm for unit, arm in before.items() if arm)
        met = Counter(arm for arm in now.values() if arm)
        assert met.total() / len(UNITS) == pytest.approx(exposure, abs=0.012)
        assert met["usual"] / met.total() == pytest.approx(0.5, abs=0.04)
        before = now
    with pytest.raises(ValidationFailed):
        replace(ONE, exposure=0.5).grown(0.4)


def test_another_phase_and_another_experiment_split_independently() -> None:
    first = arms(ONE)
    for other in (arms(replace(ONE, phase=2)), arms(replace(ONE, id="two"))):
        same = sum(first[unit] == other[unit] for unit in UNITS) / len(UNITS)
        assert same == pytest.approx(0.5, abs=0.015)


def test_experiments_of_one_layer_in_different_slots_share_nobody() -> None:
    left, right = replace(ONE, slot=(0, 3_000)), replace(ONE, id="two", slot=(3_000, 10_000))
    in_left, in_right = arms(left), arms(right)
    assert not any(in_left[unit] and in_right[unit] for unit in UNITS)
    assert all(in_left[unit] or in_right[unit] for unit in UNITS)
    assert not overlap(left, right)
    assert overlap(left, replace(right, slot=(2_999, 10_000)))


def test_in_different_layers_only_what_varies_may_not_be_the_same() -> None:
    other = replace(ONE, id="two", layer="second")
    assert overlap(ONE, other)
    assert not overlap(ONE, replace(other, varies="prompt_mode"))


def test_whoever_met_a_stopped_arm_meets_no_other() -> None:
    before, after = arms(ONE), arms(ONE.without("other", "errors"))
    assert all(after[unit] == (arm if arm == "usual" else None) for unit, arm in before.items())


def test_the_arms_of_a_unit_are_remembered_and_marked() -> None:
    assigning = Assigning((ONE, replace(ONE, id="words", varies="prompt_mode", layer="second")))
    first = assigning.of("kim")
    assert assigning.of("kim") is first
    assert first.mark == b"one.1.%s words.1.%s" % tuple(one.arm.id.encode() for one in first.arms)
    assert Assigning((replace(ONE, exposure=0.0001),)).of("kim") is NONE
    for number in range(REMEMBERED):
        assigning.of(str(number))
    assert assigning.of("kim") == first


def test_arms_hold_where_their_scope_does() -> None:
    (assigned,) = (Assigning((replace(ONE, scope=Scope(frozenset({"calm"}), "ko")),)).of("kim"),)
    assert assigned.holding("calm", "ko") == assigned.arms
    assert assigned.holding("calm", "en") == assigned.holding("anxious", "ko") == ()
