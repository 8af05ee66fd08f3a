"""Experiments, exposures and sums behind a breaker."""

from typing import Final

from msgspec import Struct

from ion_mentoring.backends.guard import Guards
from ion_mentoring.experiments.experiment import Experiment
from ion_mentoring.records.experiments.protocol import ArmSums, Experiments, Exposed, Exposures, Sums
from ion_mentoring.records.paging import Page

WITHIN_S: Final = 2.0
LISTED_WITHIN_S: Final = 5.0


class GuardedExperiments(Struct, frozen=True):
    """The same experiments; StoreUnavailable in time."""

    kept: Experiments
    guards: Guards

    async def add(self, experiment: Experiment) -> bool:
        """Keeps a new one."""
        return await self.guards.writing(lambda: self.kept.add(experiment), WITHIN_S)

    async def get(self, experiment: str) -> Experiment | None:
        """The experiment of an id."""
        return await self.guards.reading(lambda: self.kept.get(experiment), WITHIN_S)

    async def replace(self, experiment: Experiment) -> bool:
        """Keeps a change."""
        return await self.guards.writing(lambda: self.kept.replace(experiment), WITHIN_S)

    async def all(self) -> tuple[Experiment, ...]:
        """All experiments."""
        return await self.guards.reading(self.kept.all, WITHIN_S)


class GuardedExposures(Struct, frozen=True):
    """The same exposures; StoreUnavailable in time."""

    kept: Exposures
    guards: Guards

    async def see(self, owner: str, exposed: Exposed) -> bool:
        """Keeps an exposure."""
        return await self.guards.writing(lambda: self.kept.see(owner, exposed), WITHIN_S)

    async def own(self, owner: str, after: str) -> Page[Exposed]:
        """All exposures of an owner."""
        return await self.guards.reading(lambda: self.kept.own(owner, after), LISTED_WITHIN_S)

    async def erase(self, owner: str) -> int:
        """Forgets the exposures of an owner."""
        return await self.guards.writing(lambda: self.kept.erase(owner), LISTED_WITHIN_S)


class GuardedArmSums(Struct, frozen=True):
    """The same sums; StoreUnavailable in time."""

    kept: ArmSums
    guards: Guards

    async def add(self, experiment: str, phase: int, day: str, shard: int, sums: Sums) -> None:
        """Adds to sums."""
        await self.guards.writing(lambda: self.kept.add(experiment, phase, day, shard, sums), WITHIN_S)

    async def read(self, experiment: str, phase: int) -> dict[tuple[str, str], dict[str, int]]:
        """The sums of a phase."""
        return await self.guards.reading(lambda: self.kept.read(experiment, phase), LISTED_WITHIN_S)
