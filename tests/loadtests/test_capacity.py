"""The capacity model: more users want more instances, more hits fewer, and its figures are kept to what was measured."""

import math
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from loadtests.capacity import PICTURE, main, monthly_usd
from loadtests.load_model import SHARES, Figures, Kind, fitted, planned
from loadtests.records import Record
from loadtests.trouble import NothingToSay
from loadtests.verdict import Verdict
from tests.loadtests.records import record

HIT = Kind(cpu_ms=1.0, quantiles_ms=tuple(2.0 + share / 100 for share in SHARES))
MISS = Kind(cpu_ms=4.0, quantiles_ms=tuple(8.0 + share / 25 for share in SHARES))
FIGURES = Figures(place="here", hit=HIT, miss=MISS)


def run(folder: Path, hit: bool, ms: float, cpu_s: float) -> Record:
    made = record(folder, {"process": [ms] * 1000}, Verdict(hits=(hit,)))
    return made.model_copy(update={"server_cpu_s": cpu_s})


def test_what_a_hit_and_a_miss_cost_is_told_apart(tmp_path: Path) -> None:
    figures = fitted(run(tmp_path, True, 3.0, 1.0), run(tmp_path, False, 12.0, 4.0))
    assert (figures.hit.cpu_ms, figures.miss.cpu_ms) == (1.0, 4.0)
    assert (figures.hit.quantiles_ms[0], figures.miss.quantiles_ms[-1]) == (3.0, 12.0)


def test_a_mixed_run_tells_what_a_miss_costs_among_others_and_changes_no_time(tmp_path: Path) -> None:
    cached, cold = run(tmp_path, True, 3.0, 1.0), run(tmp_path, False, 12.0, 4.0)
    half = run(tmp_path, False, 40.0, 5.0)
    mixed = half.model_copy(update={"whole": half.whole.model_copy(update={"hits": 500})})
    figures = fitted(cached, cold, mixed)
    assert (figures.hit.cpu_ms, figures.miss.cpu_ms) == (1.0, 9.0)
    assert (figures.hit.quantiles_ms[0], figures.miss.quantiles_ms[-1]) == (3.0, 12.0)


def test_runs_that_cannot_tell_them_apart_are_refused(tmp_path: Path) -> None:
    cold = run(tmp_path, False, 12.0, 4.0)
    with pytest.raises(NothingToSay, match="nearly the same hit rate"):
        fitted(cold, cold)
    with pytest.raises(NothingToSay, match="disturbed"):
        fitted(run(tmp_path, True, 3.0, 5.0), cold)
    with pytest.raises(NothingToSay, match="no processor time"):
        fitted(record(tmp_path, {"process": [3.0] * 100}), cold)


def test_instances_grow_with_users_and_shrink_with_hits() -> None:
    assert [planned(FIGURES, rate, 0.0).instances for rate in (10, 150, 151, 1500)] == [1, 1, 2, 10]
    assert planned(FIGURES, 1500, 1.0).instances == 3
    assert planned(FIGURES, 10, 0.5, at_least=3).instances == 3


def test_it_waits_longer_the_busier_an_instance_is() -> None:
    p95s = [planned(FIGURES, rate, 0.0, instances=1).p95_ms for rate in (1, 100, 200, 245)]
    assert p95s == sorted(p95s)
    assert p95s[0] == pytest.approx(MISS.quantiles_ms[-1], abs=0.1)
    assert planned(FIGURES, 250, 0.0, instances=1).p95_ms == math.inf


def test_the_p95_is_that_of_misses_until_there_are_few() -> None:
    assert planned(FIGURES, 1, 0.5).p95_ms > 8
    assert planned(FIGURES, 1, 0.99).p95_ms < 4
    assert planned(FIGURES, 1, 0.5, model_s=2.0).p95_ms == pytest.approx(2000 + 11.6, abs=1)


def test_a_busy_instance_costs_what_the_price_list_says() -> None:
    month = 365 / 12 * 24 * 3600
    assert monthly_usd(2, "us-central1") == pytest.approx(2 * month * (0.000024 + 0.5 * 0.0000025))


def test_it_answers_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--users", "1000", "--hit-rate", "0.5"]) == 0
    said = capsys.readouterr().out
    assert "1,000 users, who ask every 4 s, are 250 questions a second." in said
    assert "instances of the router" in said
    assert "USD a month" in said
    assert main(["--region", "nowhere"]) == 2
    with pytest.raises(SystemExit):
        main(["--hit-rate", "1.5"])
    with pytest.raises(SystemExit):
        main(["--fit", "one.json"])


def test_the_picture_in_the_docs_is_that_of_the_kept_figures(tmp_path: Path) -> None:
    out = tmp_path / "capacity.svg"
    assert main(["--plot", str(out)]) == 0
    made = out.read_text(encoding="utf-8")
    assert made == PICTURE.read_text(encoding="utf-8"), "python -m loadtests.capacity --plot"
    drawn = ElementTree.fromstring(made)
    titles = [text.text or "" for text in drawn.iter("{http://www.w3.org/2000/svg}text")]
    wanted = {"Instances of the router", "USD a month, all day long", "P95 of one instance in ms"}
    assert {f"{title}, by users" for title in wanted} <= set(titles)
    assert len([path for path in drawn.iter("{http://www.w3.org/2000/svg}path") if path.get("fill") == "none"]) == 9
