"""The model behind the capacity: what a hit and a miss cost an instance, and how long questions wait where it is busy.

An instance works on one core, on one question at a time; questions come at random. The wait of an M/G/1 queue is then added
to the times that were measured where nobody waited.
"""

import math
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field

from loadtests.records import Frozen, Record
from loadtests.trouble import NothingToSay

BUSY: Final = 0.6  # of a core, beyond which Cloud Run starts another instance
SHARES: Final = tuple(range(5, 100, 5))
ENDPOINT: Final = "process"
LEAST_APART: Final = 0.3  # between the hit rates of two runs

Positive = Annotated[float, Field(gt=0)]


class Kind(Frozen):
    """The processor time of one answer, and the quantiles of its time at 5, 10, ... 95 % where nobody waited."""

    cpu_ms: Positive
    quantiles_ms: Annotated[tuple[float, ...], Field(min_length=len(SHARES), max_length=len(SHARES))]

    def within(self, ms: float) -> float:
        """The share of answers that take no longer, on straight lines between the quantiles."""
        before_ms, before = 0.0, 0.0
        for share, at in zip(SHARES, self.quantiles_ms, strict=True):
            if ms < at:
                return before + (share / 100 - before) * (ms - before_ms) / max(at - before_ms, 1e-9)
            before_ms, before = at, share / 100
        tail = self.quantiles_ms[-1] - self.quantiles_ms[-2] + 1.0
        return 1 - 0.05 * math.exp(-(ms - self.quantiles_ms[-1]) / tail)


class Figures(Frozen):
    """The measured figures, and where they were measured."""

    place: str
    hit: Kind
    miss: Kind


@dataclass(frozen=True, slots=True)
class Plan:
    """Instances for a rate of questions, the share of their core that is busy, and the P95."""

    rate: float
    instances: int
    busy: float
    p95_ms: float


def fitted(cached: Record, cold: Record, mixed: Record | None = None) -> Figures:
    """The figures from two runs, whose hit rates have to be far apart; NothingToSay if they are not, or lack something.

    With a `mixed` run, what a hit and a miss cost comes from `cached` and that one: then a miss costs what it does among
    sessions, calls of many questions and old clients. Times come from the first two in any case.
    """
    (hits, a_ms, a), (misses, b_ms, b) = _figures(cached), _figures(cold)
    if mixed is not None:
        misses, b_ms, _ = _figures(mixed)
    if hits - misses < LEAST_APART:
        raise NothingToSay("the two runs have nearly the same hit rate, so hits and misses cannot be told apart")
    slope = (a_ms - b_ms) / (hits - misses)
    hit_ms, miss_ms = a_ms + slope * (1 - hits), b_ms - slope * misses
    if not 0 < hit_ms < miss_ms:
        raise NothingToSay("a hit costs nothing, or more than a miss: one of the two runs was disturbed")
    return Figures(place=cached.place, hit=Kind(cpu_ms=hit_ms, quantiles_ms=a), miss=Kind(cpu_ms=miss_ms, quantiles_ms=b))


def _figures(record: Record) -> tuple[float, float, tuple[float, ...]]:
    """Hit rate, processor time a request, quantiles."""
    measured = record.endpoints.get(ENDPOINT)
    if record.server_cpu_s is None or measured is None or measured.hit_rate is None or not measured.good:
        raise NothingToSay(f"the record of {record.scenario} has no processor time, or no answers")
    quantiles = tuple(float(measured.p(share / 100) or 0) for share in SHARES)
    return record.whole.hit_rate or 0.0, 1000 * record.server_cpu_s / record.whole.count, quantiles


def planned(
    figures: Figures,
    rate: float,
    hit_rate: float,
    *,
    model_s: float = 0.0,
    at_least: int = 1,
    instances: int | None = None,
    shown: float | None = None,
) -> Plan:
    """The plan for so many questions a second.

    `instances` is what there is, in place of what is needed; `shown` the hit rate of the answers whose P95 is wanted.
    """
    cpu_s = (hit_rate * figures.hit.cpu_ms + (1 - hit_rate) * figures.miss.cpu_ms) / 1000
    number = instances or max(at_least, math.ceil(rate * cpu_s / BUSY))
    busy = rate * cpu_s / number
    if busy >= 1:
        return Plan(rate, number, busy, math.inf)
    squares = 2 * (hit_rate * figures.hit.cpu_ms**2 + (1 - hit_rate) * figures.miss.cpu_ms**2) / 1e6
    wait_s = squares / (2 * cpu_s) / (1 - busy) * max(0.0, math.log(busy / 0.05)) if busy else 0.0
    return Plan(rate, number, busy, _p95(figures, hit_rate if shown is None else shown, model_s) + 1000 * wait_s)


def _p95(figures: Figures, hit_rate: float, model_s: float) -> float:
    """The P95 of hits and misses together, where nobody waits: by bisection."""
    low, high = 0.0, 1e6
    for _ in range(60):
        ms = (low + high) / 2
        missed = figures.miss.within(max(0.0, ms - 1000 * model_s))
        within = hit_rate * figures.hit.within(ms) + (1 - hit_rate) * missed
        low, high = (ms, high) if within < 0.95 else (low, ms)
    return high
