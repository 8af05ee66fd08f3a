"""Experiments, exposures and sums in Firestore; a TTL policy on `expires_at` cleans up the latter two."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from ion_mentoring.backends.firestore import Added, Documents
from ion_mentoring.experiments.experiment import Experiment
from ion_mentoring.records.experiments.codec import added, experiment_json, experiment_of, nested
from ion_mentoring.records.experiments.protocol import (
    EXPOSURE_RETENTION,
    PAGE,
    SUMS_RETENTION,
    Exposed,
    Sums,
    exposure_name,
)
from ion_mentoring.records.feedback.protocol import mark_of
from ion_mentoring.records.paging import Page

EXPERIMENTS: Final = "experiments"
EXPOSURES: Final = "exposures"
SUMS: Final = "arm_sums"


class FirestoreExperiments:
    """One document an experiment; a change is of the very version that was read."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def add(self, experiment: Experiment) -> bool:
        """Keeps a new one."""
        return await self._documents.create(EXPERIMENTS, experiment.id, _fields(experiment))

    async def get(self, experiment: str) -> Experiment | None:
        """The experiment of an id."""
        found = await self._documents.get(EXPERIMENTS, experiment)
        return experiment_of(found["body"]) if found else None

    async def replace(self, experiment: Experiment) -> bool:
        """Keeps a change of the revision before."""
        found = await self._documents.versioned(EXPERIMENTS, experiment.id)
        if found is None or found[0]["revision"] != experiment.revision - 1:
            return False
        return await self._documents.replaced(EXPERIMENTS, experiment.id, _fields(experiment), found[1]) is not None

    async def all(self) -> tuple[Experiment, ...]:
        """All experiments."""
        return tuple(experiment_of(found["body"]) for found in await self._documents.all(EXPERIMENTS))


class FirestoreExposures:
    """One document a person and phase."""

    def __init__(self, documents: Documents, now: Callable[[], datetime]) -> None:
        self._documents = documents
        self._now = now

    async def see(self, owner: str, exposed: Exposed) -> bool:
        """Keeps an exposure where there is none."""
        fields = {
            "owner": mark_of(owner),
            "experiment": exposed.experiment,
            "phase": exposed.phase,
            "arm": exposed.arm,
            "at": exposed.at,
            "expires_at": exposed.at + EXPOSURE_RETENTION,
        }
        return await self._documents.create(EXPOSURES, exposure_name(owner, exposed.experiment, exposed.phase), fields)

    async def own(self, owner: str, after: str) -> Page[Exposed]:
        """All exposures of an owner, by the names of their documents."""
        found, now = await self._documents.matching_after(EXPOSURES, "owner", mark_of(owner), after, PAGE), self._now()
        kept = (one for one in found.values() if one["expires_at"] > now)
        exposed = tuple(Exposed(one["experiment"], one["phase"], one["arm"], one["at"]) for one in kept)
        return Page(exposed, list(found)[-1] if len(found) == PAGE else "")

    async def erase(self, owner: str) -> int:
        """Deletes the exposures of an owner."""
        found = await self._documents.count(EXPOSURES, "owner", mark_of(owner))
        await self._documents.erase_matching(EXPOSURES, "owner", mark_of(owner))
        return found


class FirestoreArmSums:
    """One document a phase, day and shard, to which instances add."""

    def __init__(self, documents: Documents, now: Callable[[], datetime]) -> None:
        self._documents = documents
        self._now = now

    async def add(self, experiment: str, phase: int, day: str, shard: int, sums: Sums) -> None:
        """Adds to a shard of a day."""
        fields = {"phase": f"{experiment} {phase}", "expires_at": self._now() + SUMS_RETENTION}
        name = f"{experiment} {phase} {day} {shard}"
        await self._documents.commit([Added(SUMS, name, {"sums": nested(sums)}, fields)])

    async def read(self, experiment: str, phase: int) -> dict[tuple[str, str], dict[str, int]]:
        """The sums of a phase."""
        found, now = await self._documents.matching(SUMS, "phase", f"{experiment} {phase}"), self._now()
        return added(one["sums"] for one in found.values() if one["expires_at"] > now)


def _fields(experiment: Experiment) -> dict[str, object]:
    return {"revision": experiment.revision, "body": experiment_json(experiment)}
