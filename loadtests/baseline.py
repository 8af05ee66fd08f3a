"""The comparison with earlier runs: a ratio, and a bound that the noise of those runs gives.

A bound is what a further run of the same thing would stay below in 99 of 100 cases, if the logarithms of its times vary as
those of the earlier runs do (Student's t); never less than 1.25, nor does a difference below five milliseconds count.
"""

import json
import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from loadtests.records import Frozen, Record
from loadtests.trouble import NothingToSay

LEAST_RUNS: Final = 3
MOST_RUNS: Final = 12
LEAST_REQUESTS: Final = 50
LEAST_BOUND: Final = 1.25
MOST_BOUND: Final = 4.0
LEAST_MS: Final = 5.0
T_99: Final = (31.82, 6.965, 4.541, 3.747, 3.365, 3.143, 2.998, 2.896, 2.821, 2.764, 2.718)  # one-sided, by degrees of freedom


class Baseline(Frozen):
    """The P50s and P95s of earlier runs in milliseconds, by endpoint; `place` is where they were measured."""

    scenario: str
    place: str
    runs: tuple[Mapping[str, tuple[int, int]], ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison of one figure with those of earlier runs, told in a sentence."""

    sentence: str
    broken: bool = False


def figures(record: Record) -> dict[str, tuple[int, int]]:
    """The P50 and P95 of each endpoint with enough good answers to mean something."""
    return {
        name: (p50, p95)
        for name, measured in record.endpoints.items()
        if measured.good >= LEAST_REQUESTS and (p50 := measured.p(0.5)) is not None and (p95 := measured.p(0.95)) is not None
    }


def compared(baseline: Baseline, record: Record) -> Iterator[Comparison]:
    """Compare every endpoint that earlier runs know, and say why where that cannot be done."""
    if (baseline.scenario, baseline.place) != (record.scenario, record.place):
        yield Comparison(
            f"nothing is compared: the earlier runs are of {baseline.scenario} on {baseline.place}, "
            f"this one is of {record.scenario} on {record.place}."
        )
        return
    if len(baseline.runs) < LEAST_RUNS:
        yield Comparison(
            f"nothing is compared: there are {len(baseline.runs)} of {LEAST_RUNS} earlier runs (make load keep=1)."
        )
        return
    now = figures(record)
    for name in sorted(now):
        for place, what in enumerate(("P50", "P95")):
            before = [run[name][place] for run in baseline.runs if name in run]
            if len(before) >= LEAST_RUNS:
                yield _compared(f"{name}: {what}", before, now[name][place])


def bound(before: Sequence[float]) -> float:
    """The ratio to the usual that the noise of earlier runs explains."""
    logs = [math.log(max(ms, 1.0)) for ms in before]
    spread = statistics.stdev(logs) * math.sqrt(1 + 1 / len(logs))
    return max(LEAST_BOUND, math.exp(T_99[min(len(logs) - 2, len(T_99) - 1)] * spread))


def _compared(what: str, before: Sequence[int], now: int) -> Comparison:
    usual, most = math.exp(statistics.fmean(math.log(max(ms, 1)) for ms in before)), bound(before)
    ratio = now / usual
    how = (
        f"{what} {now} ms, {ratio:.2f} times the usual {usual:.0f} ms ({min(before)} to {max(before)} in {len(before)} runs); "
        f"their noise explains up to {most:.2f}"
    )
    if most > MOST_BOUND:
        return Comparison(f"{how}, which is too much to tell anything.")
    if ratio > most and now - usual >= LEAST_MS:
        return Comparison(f"{how}: slower than before.", broken=True)
    return Comparison(f"{how}: as before.")


def read_baseline(path: Path) -> Baseline:
    """The earlier runs in a file; NothingToSay if it is another kind of file."""
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except OSError as error:
        raise NothingToSay(f"{path}: {error.strerror}") from error
    except ValidationError as error:
        raise NothingToSay(f"{path}: is no baseline") from error


def keep(path: Path, record: Record) -> None:
    """Add a run to the baseline; runs of another place, and those that are too old, are dropped."""
    runs: tuple[Mapping[str, tuple[int, int]], ...] = ()
    if path.exists() and (before := read_baseline(path)).place == record.place:
        runs = before.runs
    kept = [*runs, figures(record)][-MOST_RUNS:]
    text = json.dumps({"scenario": record.scenario, "place": record.place, "runs": kept}, indent=1)
    path.write_text(f"{text}\n", encoding="utf-8")
