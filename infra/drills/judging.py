"""The judgement of a drill by the table of faults."""

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from infra.drills.asking import Got
from infra.drills.faults import Fault
from infra.drills.world import REQUEST_TIMEOUT_S

LATE_MS: Final = 500.0  # of a request beyond its budget, on a machine that does all of this at once
NOISE_MS: Final = 150.0
P95: Final = "P95"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the table: what is promised, whether it held, and the figure."""

    promise: str
    held: bool
    figure: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a drill, with what happened in its time."""

    name: str
    checks: Sequence[Check]
    timeline: Sequence[tuple[float, str]]
    got: Sequence[Got]
    broken_s: float
    mended_s: float

    @property
    def held(self) -> bool:
        """True if every promise held."""
        return all(check.held for check in self.checks)

    @property
    def only_slow(self) -> bool:
        """True if the P95 alone did not hold, which a busy machine does, too."""
        return not self.held and all(check.held or check.promise.startswith(P95) for check in self.checks)


def judged(fault: Fault, got: Sequence[Got], calm_s: float, broken_s: float, mended_s: float) -> Iterator[Check]:
    """The checks of what people got; each question counts by when it was asked, and before `calm_s` the set warms up."""
    calm = [one for one in got if calm_s <= one.asked_s < broken_s]
    meanwhile = [one for one in got if broken_s <= one.asked_s < mended_s]
    failed = [one.error for one in got if one.error]
    yield Check("no answer fails", bool(meanwhile) and not failed, f"{len(failed)} of {len(got)} {' '.join(sorted({*failed}))}")
    worst, budget = max((one.ms for one in got), default=0.0), REQUEST_TIMEOUT_S * 1_000.0
    yield Check(f"none takes longer than its {budget:,.0f} ms", worst <= budget + LATE_MS, f"{worst:,.0f} ms")
    if fault.rise_ms is not None:
        rise = p95(meanwhile) - p95(calm)
        yield Check(f"{P95} rises by {fault.rise_ms:,.0f} ms at most", rise <= fault.rise_ms + NOISE_MS, f"{rise:+,.0f} ms")
    if fault.mark:
        said = [one for one in meanwhile if one.kind == fault.kind and fault.mark in one.degraded]
        yield Check(f"answers say that they went without: {fault.mark}", bool(said), f"{len(said)}")


def came_back(back_s: float | None, promised_s: float, waited_s: float) -> Check:
    """The check of how soon all was well again; where nobody waited for so long, it is not failed."""
    promise = f"whole again within {promised_s:g} s"
    if back_s is None:
        return Check(promise, waited_s < promised_s, "never" if waited_s >= promised_s else "not waited for")
    return Check(promise, back_s <= promised_s, f"{back_s:.1f} s")


def p95(got: Sequence[Got]) -> float:
    """The 95th percentile of their times; 0 without enough of them."""
    return statistics.quantiles([one.ms for one in got], n=20)[-1] if len(got) > 1 else 0.0
