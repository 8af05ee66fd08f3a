"""Many users on one core: what is printed of them is what their records hold."""

import os
from pathlib import Path

import pytest

from loadtests.breaking import first_broken
from loadtests.cores import cores, on_core
from loadtests.crowd_table import head, row
from loadtests.footprint import cpu_s, resident_kib
from loadtests.holding import held
from loadtests.kind_costs import ENDPOINTS, KindCost, kind_costs, shares
from loadtests.recording import Recorder
from loadtests.records import Slice, read_record
from loadtests.report import page
from loadtests.scenario import read
from loadtests.target import Target
from loadtests.thousand import _visitors
from tests.loadtests.records import record

QUIET = Slice(at_s=0, users=100, count=50, errors=0, refused=0, hits=0, looked_up=0, p50=5, p95=20, p99=30)


def test_a_thousand_users_may_have_no_error_and_wait_for_less_than_half_a_second() -> None:
    scenario = read("thousand").crowded(3000, 60)
    assert scenario.stages == ((60, 3000, 150),)
    assert (scenario.promises.p95_ms, scenario.promises.errors, scenario.promises.refused) == (500, 0, 0)
    assert (scenario.mix, scenario.think_s, scenario.bad) == (read("stress").mix, read("stress").think_s, read("stress").bad)


def test_it_is_said_when_and_with_how_many_users_what_broke_first(tmp_path: Path) -> None:
    slow = QUIET.model_copy(update={"at_s": 4, "users": 900, "p95": 800})
    few, later = slow.model_copy(update={"at_s": 2, "count": 5}), slow.model_copy(update={"at_s": 8})
    wrong = slow.model_copy(update={"at_s": 6, "users": 1000, "errors": 2})
    made = record(tmp_path, {"process": [900.0] * 20})
    process = made.endpoints["process"].model_copy(update={"errors": {"status 503 in place of 200": 2}})
    made = made.model_copy(
        update={
            "slices": (slow.model_copy(update={"at_s": 0}), QUIET, few, slow, wrong, later),
            "endpoints": {"process": process},
        }
    )
    assert list(first_broken(read("thousand"), made)) == [
        "from 4 s on, with 900 users: a P95 of 500 ms and more",
        "from 6 s on, with 1,000 users: errors (2 times status 503 in place of 200)",
    ]
    well = record(tmp_path, {"process": [10.0] * 20})
    assert list(first_broken(read("thousand"), well)) == []


def test_a_row_has_a_cell_for_each_head(tmp_path: Path) -> None:
    made = record(tmp_path, {"process": [10.0] * 120})
    made = made.model_copy(update={"server_cpu_s": 60.0, "load_cpu_s": 12.0, "memory_mib": ((0.0, 90.0), (5.0, 101.4))})
    assert row(1000, made).split() == ["1,000", "1", "10", "10", "10", "0", "0", "0", "100%", "50%", "10%", "500.00", "101"]
    bare = record(tmp_path, {"process": [10.0]})
    assert row(1, bare).split()[-4:] == ["-", "-", "-", "-"]
    assert len(head()) == len(row(1000, made))


def test_where_the_time_goes_is_told_by_cost_times_number(tmp_path: Path) -> None:
    made = record(tmp_path, {"process": [1.0] * 30, "process in a session": [1.0] * 10})
    said = shares(made, [KindCost("process", 1.0), KindCost("session", 9.0), KindCost("bulk", 50.0)])
    assert [" ".join(line.split()) for line in said] == [
        "session 9.0 ms a request 25.0% of the requests 75.0% of the time",
        "process 1.0 ms a request 75.0% of the requests 25.0% of the time",
        "bulk 50.0 ms a request 0.0% of the requests 0.0% of the time",
    ]


def test_every_kind_that_costs_is_known() -> None:
    assert set(ENDPOINTS) == set(read("thousand").mix)


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="ONE CORE HERE: nothing has a core of its own")
def test_what_is_started_meanwhile_has_one_core() -> None:
    before = cores()
    with on_core(before[1]):
        assert cores() == [before[1]]
    assert cores() == before


def test_a_process_that_is_gone_has_no_footprint() -> None:
    assert (cpu_s(None), resident_kib(None)) == (None, None)
    assert (resident_kib(os.getpid()) or 0) > 10_000
    assert (cpu_s(os.getpid()) or 0) > 0


@pytest.mark.slow
def test_costs_and_memory_are_measured_on_a_set(running: Target) -> None:
    visitors = _visitors(running)
    costs = list(kind_costs(running, visitors, ["session", "operate"], 20))
    assert costs[0].cpu_ms > costs[1].cpu_ms
    holding = held(running, visitors, 40, 5)
    assert 0 <= holding.connection_kib < 500
    assert holding.session_kib < 5_000
    assert len(holding.lines()) == 2


@pytest.mark.slow
def test_a_session_has_as_many_turns_as_were_asked_for(running: Target) -> None:
    visitor = _visitors(running)[0]
    first, second = list(visitor.session(2)), list(visitor.session(3))
    assert [len(first), len(second)] == [2, 3]
    assert len({turn.marker for turn in first}) == 1
    assert {turn.marker for turn in first}.isdisjoint(turn.marker for turn in second)


def test_a_record_keeps_what_the_set_held(tmp_path: Path) -> None:
    recorder = Recorder()
    for at_s, kib in ((0.04, 92_160), (5.0, None), (9.96, 102_400)):
        recorder.holds(at_s, kib)
    about = {"scenario": "soak", "seconds": 10.0, "planned_s": 10.0, "load_cpu_s": 1.5}
    recorder.write(tmp_path / "made.json", about)
    kept = read_record(tmp_path / "made.json")
    assert kept.memory_mib == ((0.0, 90.0), (10.0, 100.0))
    assert kept.load_cpu_s == 1.5
    assert "Memory of the set, MiB" in page(read("soak"), kept, [])
