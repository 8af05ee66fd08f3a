"""The gate keeps to the numbers of its scenario, and says nothing of what it cannot judge."""

import json
from pathlib import Path

import pytest

from loadtests.gate import broken, by_chance, main, too_few
from loadtests.recording import percentile, rounded
from loadtests.scenario import read
from loadtests.verdict import Verdict
from tests.loadtests.records import record


def test_the_p95_is_promised_to_be_below_half_a_second(tmp_path: Path) -> None:
    just = record(tmp_path, {"process": [10.0] * 94 + [499.0] * 6})
    over = record(tmp_path, {"process": [10.0] * 94 + [500.0] * 6})
    assert list(broken(read("light"), just)) == []
    assert list(broken(read("light"), over)) == [
        "all requests: P95 was 500 ms; less than 500 ms was promised.",
        "process: P95 was 500 ms; less than 500 ms was promised.",
    ]


def test_an_endpoint_may_have_promises_of_its_own(tmp_path: Path) -> None:
    slow = record(tmp_path, {"process": [10.0] * 1000, "bulk-process": [900.0] * 40})
    assert list(broken(read("light"), slow)) == []


def test_two_slow_ones_of_twenty_may_be_chance_and_four_are_not(tmp_path: Path) -> None:
    fast = {"process": [10.0] * 200}
    two = record(tmp_path, fast | {"recommend": [10.0] * 18 + [600.0] * 2})
    assert list(broken(read("light"), two)) == []
    assert list(too_few(read("light"), two)) == ["recommend: P95 was 600 ms, of 20 answers alone; that may be chance."]
    four = record(tmp_path, fast | {"recommend": [10.0] * 16 + [600.0] * 4})
    assert list(broken(read("light"), four)) == ["recommend: P95 was 600 ms; less than 500 ms was promised."]
    assert not by_chance("process", {10: 90, 600: 10}, 500)


@pytest.mark.parametrize(("count", "holds"), [(10, False), (11, True)])
def test_more_than_ten_requests_are_needed(count: int, holds: bool, tmp_path: Path) -> None:
    assert (list(broken(read("light"), record(tmp_path, {"process": [10.0] * count}))) == []) is holds


def test_one_error_in_a_hundred_is_one_too_many(tmp_path: Path) -> None:
    made = record(tmp_path, {"process": [10.0] * 99})
    bad = record(tmp_path, {"process": [10.0]}, Verdict("an empty answer"))
    whole = made.whole.model_copy(update={"count": 100, "errors": bad.whole.errors})
    assert list(broken(read("light"), made.model_copy(update={"whole": whole}))) == [
        "all requests: 1 of 100 requests (1.0%) were wrong or failed, most often: an empty answer; less than 1.0% was promised."
    ]


def test_a_run_that_ended_early_shows_too_little(tmp_path: Path) -> None:
    short = record(tmp_path, {"process": [10.0] * 100}).model_copy(update={"seconds": 60.0})
    assert list(broken(read("light"), short)) == ["all requests: the run ended after 60 of 120 s, so it shows too little."]


def test_few_hits_break_the_promise_of_the_cached_scenario(tmp_path: Path) -> None:
    missed = record(tmp_path, {"process": [10.0] * 100}, Verdict(hits=(False,)), scenario="cached")
    assert list(broken(read("cached"), missed)) == ["all requests: a cache answered 0%; at least 90% were promised."]


def test_its_exit_codes_are_for_yes_no_and_nothing_to_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "made.json")
    record(tmp_path, {"process": [10.0] * 100})
    assert main([path]) == 0
    assert "The gate says yes" in capsys.readouterr().out
    record(tmp_path, {"process": [900.0] * 100})
    assert main([path]) == 1
    assert "BROKEN  process: P95 was 900 ms; less than 500 ms was promised." in capsys.readouterr().out
    record(tmp_path, {})
    assert main([path]) == 2
    assert main([path, "--scenario", "heavy"]) == 2
    assert main([path, "--scenario", "nobody"]) == 2


@pytest.mark.parametrize("text", ["", "[]", "{}", "Type,Name\n", '{"form": "ion-load-0"}', '{"form": "ion-load-1"}', "\x00"])
def test_a_foreign_file_is_nothing_to_judge(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "foreign"
    path.write_text(text, encoding="utf-8")
    assert main([str(path)]) == 2
    assert main([str(tmp_path / "missing")]) == 2
    assert "gate: " in capsys.readouterr().err


def test_a_record_with_a_number_that_is_none_is_refused(tmp_path: Path) -> None:
    record(tmp_path, {"process": [10.0] * 100})
    path = tmp_path / "made.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["whole"]["count"] = -1
    path.write_text(json.dumps(data), encoding="utf-8")
    assert main([str(path)]) == 2


def test_times_are_never_counted_as_shorter_than_they_were() -> None:
    assert [rounded(ms) for ms in (0.2, 499.01, 1000.0, 1001.0, 12_345.0)] == [1, 500, 1000, 1010, 12_400]
    assert percentile({10: 95, 500: 5}, 0.95) == 10
    assert percentile({10: 94, 500: 6}, 0.95) == 500
    assert percentile({}, 0.95) is None
