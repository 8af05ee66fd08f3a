"""Differences by tone, each drawn towards that of all tones as far as chance alone could have moved it."""

import math
from collections.abc import Mapping

from msgspec import Struct

from ion_mentoring.experiments.sequence import Sample


class Pooled(Struct, frozen=True):
    """The difference at one tone: as it was measured, and after shrinking; `units` are the people behind it."""

    raw: float
    shrunk: float
    units: int


def pooled(pairs: Mapping[str, tuple[Sample, Sample]]) -> dict[str, Pooled]:
    """The differences by tone, from (usual, other); how far tones differ in truth is estimated by DerSimonian and Laird."""
    found = {tone: (other.mean - usual.mean, usual.variance + other.variance) for tone, (usual, other) in pairs.items()}
    known = {tone: (diff, variance) for tone, (diff, variance) in found.items() if variance > 0}
    units = {tone: usual.units + other.units for tone, (usual, other) in pairs.items()}
    if not known:
        return {tone: Pooled(diff, diff, units[tone]) for tone, (diff, _) in found.items()}
    weights = {tone: 1 / variance for tone, (_, variance) in known.items()}
    whole = math.fsum(weights.values())
    mean = math.fsum(weights[tone] * diff for tone, (diff, _) in known.items()) / whole
    spread = math.fsum(weights[tone] * (diff - mean) ** 2 for tone, (diff, _) in known.items())
    left = whole - math.fsum(weight * weight for weight in weights.values()) / whole
    between = max(0.0, (spread - (len(known) - 1)) / left) if left > 0 else 0.0
    mean = math.fsum(diff / (variance + between) for diff, variance in known.values()) / math.fsum(
        1 / (variance + between) for _, variance in known.values()
    )
    shrunk = {tone: mean + between / (between + variance) * (diff - mean) for tone, (diff, variance) in known.items()}
    return {tone: Pooled(diff, shrunk.get(tone, mean), units[tone]) for tone, (diff, _) in found.items()}
