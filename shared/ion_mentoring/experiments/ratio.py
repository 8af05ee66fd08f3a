"""The sample ratio: are people split as the arms say? If not, something loses them, and no other figure is to be believed.

The sequential multinomial test of Lindon and Malek (2022): a Bayes factor against the configured split, which may be looked at
all the time. A split that is off by less than `MATTERS` is no alarm, however many people there are.
"""

import math
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

ALARM: Final = 1_000.0  # the evidence from which it is one: a false one in a thousand experiments at most
SPREAD: Final = 100.0  # of the prior around the configured split
MATTERS: Final = 0.01  # of an arm's share


class SplitCheck(Struct, frozen=True):
    """The evidence (an e-value) against the configured split."""

    e_value: float
    ok: bool


def split_check(people: Mapping[str, int], split: Mapping[str, float]) -> SplitCheck:
    """The check of people by arm against the arms' shares."""
    whole = sum(people.get(arm, 0) for arm in split)
    if not whole:
        return SplitCheck(1.0, ok=True)
    log_e = math.lgamma(SPREAD) - math.lgamma(SPREAD + whole)
    for arm, share in split.items():
        number, prior = people.get(arm, 0), SPREAD * share
        log_e += math.lgamma(prior + number) - math.lgamma(prior) - number * math.log(share)
    off = max(abs(people.get(arm, 0) / whole / share - 1) for arm, share in split.items())
    evidence = math.exp(min(700.0, log_e))
    return SplitCheck(evidence, ok=evidence < ALARM or off < MATTERS)
