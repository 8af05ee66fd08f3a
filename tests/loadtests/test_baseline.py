"""The comparison with earlier runs finds what is slower, and takes no noise for it."""

import random
from pathlib import Path

import pytest

from loadtests.baseline import Baseline, bound, compared, keep, read_baseline
from loadtests.gate import told
from loadtests.scenario import read
from loadtests.trouble import NothingToSay
from tests.loadtests.records import record


def baseline(*p95s: int, place: str = "here") -> Baseline:
    return Baseline(scenario="light", place=place, runs=tuple({"process": (20, p95)} for p95 in p95s))


def sentences(before: Baseline, folder: Path, ms: float) -> tuple[list[str], bool]:
    found = list(compared(before, record(folder, {"process": [20.0] * 94 + [ms] * 6})))
    return [one.sentence for one in found], any(one.broken for one in found)


def test_twice_as_slow_on_a_quiet_machine_breaks(tmp_path: Path) -> None:
    said, broke = sentences(baseline(100, 103, 98, 101), tmp_path, 200.0)
    assert broke
    assert said[1] == (
        "process: P95 200 ms, 1.99 times the usual 100 ms (98 to 103 in 4 runs); their noise explains up to 1.25: "
        "slower than before."
    )


def test_the_same_on_a_noisy_machine_does_not(tmp_path: Path) -> None:
    said, broke = sentences(baseline(80, 130, 95, 110, 120), tmp_path, 180.0)
    assert not broke
    assert said[1].endswith(": as before.")


def test_a_machine_that_is_too_noisy_is_said_to_be(tmp_path: Path) -> None:
    said, broke = sentences(baseline(40, 400, 100), tmp_path, 900.0)
    assert not broke
    assert said[1].endswith("which is too much to tell anything.")


def test_some_milliseconds_are_no_regression(tmp_path: Path) -> None:
    quick = Baseline(scenario="light", place="here", runs=({"process": (6, 6)},) * 3)
    assert not any(one.broken for one in compared(quick, record(tmp_path, {"process": [10.0] * 100})))
    assert any(one.broken for one in compared(quick, record(tmp_path, {"process": [12.0] * 100})))


def test_runs_of_another_place_and_too_few_of_them_are_not_compared(tmp_path: Path) -> None:
    assert "nothing is compared" in sentences(baseline(1, 1, 1, place="there"), tmp_path, 200.0)[0][0]
    assert sentences(baseline(1, 1), tmp_path, 200.0)[0] == [
        "nothing is compared: there are 2 of 3 earlier runs (make load keep=1)."
    ]


def test_a_hundred_equal_sets_on_a_noisy_machine_are_seldom_called_slower() -> None:
    dice = random.Random(7)
    alarms = 0
    for _ in range(1000):
        runs = [100 * dice.lognormvariate(0, 0.15) for _ in range(6)]
        usual = 1.0
        for ms in runs[:5]:
            usual *= ms ** (1 / 5)
        alarms += runs[5] / usual > bound(runs[:5])
    assert alarms <= 25


def test_a_run_is_kept_and_the_gate_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "light.json"
    for _ in range(3):
        keep(path, record(tmp_path, {"process": [20.0] * 100}))
    assert len(read_baseline(path).runs) == 3
    code, lines = told(read("light"), record(tmp_path, {"process": [90.0] * 100}), path)
    assert code == 1
    assert any("4.50 times the usual" in line for line in lines)
    keep(path, record(tmp_path, {"process": [20.0] * 100}, place="elsewhere"))
    assert (read_baseline(path).place, len(read_baseline(path).runs)) == ("elsewhere", 1)


def test_a_foreign_baseline_is_nothing_to_compare_with(tmp_path: Path) -> None:
    path = tmp_path / "foreign.json"
    path.write_text("[1]", encoding="utf-8")
    with pytest.raises(NothingToSay, match="is no baseline"):
        read_baseline(path)
    with pytest.raises(NothingToSay):
        read_baseline(tmp_path / "missing.json")
