"""The arms that a person meets: by hashes alone, the same in every instance, and without a call to anybody.

A unit is a person, else a session. Its bucket in a layer says whether an experiment concerns it, its bucket in a phase which
arm it meets. Each arm has a stretch of the phase's buckets that does not move; as the exposure grows, each fills more of its
own.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

from msgspec import Struct, field

from ion_mentoring.experiments.experiment import BUCKETS, Arm, Experiment, Scope, Varies

REMEMBERED: Final = 20_000  # units


class Assignment(Struct, frozen=True):
    """An arm that a unit meets wherever the scope holds; where cards vary, in answers of the persona alone of the `card`."""

    experiment: str
    phase: int
    arm: Arm
    varies: Varies
    scope: Scope
    card: str | None = None


class Assigned(Struct, frozen=True):
    """All arms of a unit, and a mark that is the same for units with the same ones."""

    arms: tuple[Assignment, ...] = ()
    mark: bytes = b""

    def holding(self, tone: str, language: str) -> tuple[Assignment, ...]:
        """The arms whose scope holds for an answer."""
        return tuple(one for one in self.arms if one.scope.holds(tone, language))


NONE: Final = Assigned()


def bucket(salt: str, unit: str) -> int:
    """The bucket of a unit, in [0, `BUCKETS`): evenly, and under another salt independently."""
    hashed = blake2b(f"{salt}\0{unit}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(hashed, "big") % BUCKETS


def arm_of(experiment: Experiment, unit: str) -> Arm | None:
    """The arm that a unit meets; None where it meets none."""
    first, last = experiment.slot
    if last - first < BUCKETS and not first <= bucket(f"layer {experiment.layer}", unit) < last:
        return None
    place, whole = bucket(f"{experiment.id} {experiment.phase}", unit), sum(arm.parts for arm in experiment.arms)
    begins = 0
    for arm in experiment.arms:
        ends = begins + arm.parts * BUCKETS // whole
        if begins <= place < begins + experiment.exposure * (ends - begins):
            return arm if arm.stopped is None else None
        begins = ends
    return None


def overlap(one: Experiment, other: Experiment) -> bool:
    """True if two experiments could change the same answer in the same respect."""
    if one.layer != other.layer:
        return one.varies == other.varies
    return one.slot[0] < other.slot[1] and other.slot[0] < one.slot[1]


class Assigning(Struct):
    """The assignments of some running experiments; those of the units that asked lately are `known`."""

    running: Sequence[Experiment] = ()
    known: dict[str, Assigned] = field(default_factory=dict)

    def of(self, unit: str) -> Assigned:
        """The arms of a unit."""
        known = self.known.get(unit)
        if known is None:
            if len(self.known) >= REMEMBERED:
                self.known.clear()
            known = self.known[unit] = self._made(unit)
        return known

    def _made(self, unit: str) -> Assigned:
        met = [(one, arm) for one in self.running if (arm := arm_of(one, unit))]
        if not met:
            return NONE
        arms = tuple(Assignment(one.id, one.phase, arm, one.varies, one.scope, one.card) for one, arm in met)
        return Assigned(arms, " ".join(f"{one.experiment}.{one.phase}.{one.arm.id}" for one in arms).encode())
