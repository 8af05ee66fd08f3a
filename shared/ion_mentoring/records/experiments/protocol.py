"""The protocols of the stores of experiments, of exposures, and of sums by arm."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from ion_mentoring.experiments.experiment import Experiment
from ion_mentoring.records.paging import Page

EXPOSURE_RETENTION: Final = timedelta(days=90)  # from the first answer of an arm on: longer than an experiment should take
SUMS_RETENTION: Final = timedelta(days=400)  # from the last addition on
SHARDS: Final = 16  # of the sums of a day: so many documents, that none is written by all instances
PAGE: Final = 100

Sums = Mapping[tuple[str, str], Mapping[str, int]]  # by arm and tone: whole numbers by name


@dataclass(frozen=True, slots=True)
class Exposed:
    """The first answer in which a person met an arm."""

    experiment: str
    phase: int
    arm: str
    at: datetime


def exposure_name(owner: str, experiment: str, phase: int) -> str:
    """The name that stores keep an exposure by: one for a person and a phase."""
    return hashlib.sha256(f"{owner}\0{experiment}\0{phase}".encode("utf-8", "surrogatepass")).hexdigest()


class Experiments(Protocol):
    """Keeps experiments for good. Every method raises StoreUnavailable if the store does not answer."""

    async def add(self, experiment: Experiment) -> bool:
        """Keeps a new one; False where there is one of that id."""

    async def get(self, experiment: str) -> Experiment | None:
        """The experiment of an id."""

    async def replace(self, experiment: Experiment) -> bool:
        """Keeps a change; False where what is kept is not of the revision before."""

    async def all(self) -> tuple[Experiment, ...]:
        """All experiments, in no order."""


class Exposures(Protocol):
    """Keeps who met which arm, for `EXPOSURE_RETENTION`. Every method raises StoreUnavailable if the store does not answer."""

    async def see(self, owner: str, exposed: Exposed) -> bool:
        """Keeps that an owner met an arm; False where that is known of the phase."""

    async def own(self, owner: str, after: str) -> Page[Exposed]:
        """All exposures of an owner, in no order."""

    async def erase(self, owner: str) -> int:
        """Forgets the exposures of an owner; how many there were."""


class ArmSums(Protocol):
    """Keeps sums by arm and tone, which instances add to. Every method raises StoreUnavailable if the store does not answer."""

    async def add(self, experiment: str, phase: int, day: str, shard: int, sums: Sums) -> None:
        """Adds to the sums of a day (`2026-11-29`) in one of its shards."""

    async def read(self, experiment: str, phase: int) -> dict[tuple[str, str], dict[str, int]]:
        """The sums of a phase over all days."""
