"""Estimates of what another way of choosing would have been worth, from choices whose probabilities were logged.

IPS weights each rated choice that the other way would have made by one over its probability; SNIPS divides by the sum of
weights, which costs a little bias and saves much variance. Where the weights rest on too few choices, or the other way chooses
what was never tried, there is no estimate, and the reason is told.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

LEAST_EFFECTIVE: Final = 100.0
LEAST_OVERLAP: Final = 0.9  # the mean weight, which is 1 where everything that is chosen may have been tried


class Choice(NamedTuple):
    """One logged choice: its probability then, the probability with which the other way makes it, and its reward in [0, 1]."""

    propensity: float
    target: float
    reward: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """The value of a way of choosing; `refused` says why there is none. `half` is half of a 95 % interval of SNIPS."""

    choices: int
    effective: float
    overlap: float
    ips: float = math.nan
    snips: float = math.nan
    half: float = math.nan
    refused: str = ""


def estimate(logged: Sequence[Choice]) -> Estimate:
    """The estimate from logged choices."""
    weights = [one.target / one.propensity for one in logged]
    total, squares = math.fsum(weights), math.fsum(weight * weight for weight in weights)
    effective = total * total / squares if squares else 0.0
    overlap = total / len(logged) if logged else 0.0
    if effective < LEAST_EFFECTIVE:
        refused = f"{effective:.0f} effective choices are fewer than {LEAST_EFFECTIVE:.0f}"
        return Estimate(len(logged), effective, overlap, refused=refused)
    if overlap < LEAST_OVERLAP:
        refused = f"{1 - overlap:.0%} of what it would choose was never tried"
        return Estimate(len(logged), effective, overlap, refused=refused)
    rewards = math.fsum(weight * one.reward for weight, one in zip(weights, logged, strict=True))
    snips = rewards / total
    variance = math.fsum((weight * (one.reward - snips)) ** 2 for weight, one in zip(weights, logged, strict=True))
    return Estimate(len(logged), effective, overlap, rewards / len(logged), snips, 1.96 * math.sqrt(variance) / total)
