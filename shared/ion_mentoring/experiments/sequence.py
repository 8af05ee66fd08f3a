"""Differences that may be looked at as often as one likes: an asymptotic confidence sequence, and the p-value it stands for.

Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences" (2024):
a normal mixture whose width is least at `TUNED` units. A z test that is looked at again and again is wrong four times in ten.
"""

import math
from typing import Final

from msgspec import Struct

ALPHA: Final = 0.05
TUNED: Final = 2_000.0  # units at which the interval is as narrow as it can be
LEAST: Final = 50  # units of each arm before anything is said


class Sample(Struct, frozen=True):
    """The mean of a metric over some units, and the variance of that mean."""

    units: int = 0
    mean: float = 0.0
    variance: float = 0.0


class Difference(Struct, frozen=True):
    """The mean of one arm less that of the usual one; `half` is half of the interval, infinite before there are enough units.

    `p` holds at every look.
    """

    diff: float
    half: float
    p: float
    units: int

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return self.diff - self.half

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return self.diff + self.half


def of_ratios(pairs: "list[tuple[float, float]]") -> Sample:
    """The sample of sums by unit, (what counts, of how many): a person's answers are no independent witnesses."""
    whole = math.fsum(weight for _, weight in pairs)
    if not whole:
        return Sample()
    mean = math.fsum(counts for counts, _ in pairs) / whole
    return Sample(len(pairs), mean, math.fsum((counts - mean * weight) ** 2 for counts, weight in pairs) / whole**2)


def of_sums(number: int, total: float, squares: float) -> Sample:
    """The sample of single answers, from their number, sum and sum of squares."""
    if not number:
        return Sample()
    mean = total / number
    return Sample(number, mean, max(0.0, squares / number - mean * mean) / number)


def difference(usual: Sample, other: Sample, alpha: float = ALPHA) -> Difference:
    """The difference of two independent samples."""
    diff, variance, units = other.mean - usual.mean, usual.variance + other.variance, usual.units + other.units
    if min(usual.units, other.units) < LEAST:
        return Difference(diff, math.inf, 1.0, units)
    known = units * _rho2(alpha)
    stretch = 2 * (1 + 1 / known)
    half = math.sqrt(variance * stretch * (0.5 * math.log(known + 1) - math.log(alpha)))
    if not variance:
        return Difference(diff, half, 1.0 if not diff else 0.0, units)
    p = math.exp(min(0.0, 0.5 * math.log(known + 1) - diff * diff / variance / stretch))
    return Difference(diff, half, p, units)


def _rho2(alpha: float) -> float:
    """The square of the mixture's scale for which the interval is narrowest at `TUNED` units."""
    wanted = -2 * math.log(alpha)
    return (wanted + math.log(wanted + 1)) / TUNED


def adjusted(ps: "dict[str, float]") -> dict[str, float]:
    """P-values of many metrics at once, by Benjamini and Hochberg: as small as the share of false ones may be."""
    ranked, least, found = sorted(ps, key=lambda name: ps[name], reverse=True), 1.0, {}
    for place, name in enumerate(ranked):
        least = min(least, ps[name] * len(ps) / (len(ps) - place))
        found[name] = least
    return found
