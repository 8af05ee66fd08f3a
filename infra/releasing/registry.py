"""The registry of releases: bundles by their hash, what runs now, and what was approved, in the project's bundle bucket."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path

from infra.releasing.bucket import Bucket
from infra.releasing.lock import held, holder
from infra.user_error import UserError


@dataclass(frozen=True, slots=True)
class Record:
    """The running release: the commit whose configuration it is, its bundles by function, and those of the release before it.

    `returned` says that the bundles are those of before that commit; `toward` is a commit whose release began and did not end.
    """

    commit: str
    bundles: Mapping[str, str]
    previous: Mapping[str, str]
    returned: bool = False
    toward: str | None = None

    @property
    def name(self) -> str:
        """The name for people."""
        return f"before {self.commit}" if self.returned else self.commit


@dataclass(frozen=True, slots=True)
class Proposal:
    """An approved proposal: the changes, actions by address, on top of what ran then (None: nothing)."""

    base: str | None
    changes: Mapping[str, Sequence[str]]


class ReleaseRegistry:
    """The bucket gs://<project>-bundles. What fails is UserError."""

    def __init__(self, project: str, environment: str) -> None:
        self._bucket = Bucket(f"gs://{project}-bundles")
        self._environment = environment

    def put(self, bundles: Sequence[Path]) -> None:
        """Puts bundles there; one that is there already stays. UserError if one is not what its name says: whoever proposes may
        put anything under the name that the approved commit will ask for."""
        self._bucket.add(bundles)
        other = [bundle.name for bundle in bundles if self._bucket.differs(bundle)]
        if other:
            raise UserError(
                f"{self._bucket.url} has other bytes than this commit builds under {', '.join(other)}: who put them there?"
            )

    def current(self) -> Record | None:
        """The running release; None before the first release."""
        name = f"releases/{self._environment}.json"
        found = self._bucket.read(name)
        try:
            return Record(**found) if found else None
        except TypeError as error:
            raise UserError(f"{self._bucket.url}/{name} is no record of a release: {error}") from error

    def record(self, release: Record) -> None:
        """Says what runs from now on."""
        self._bucket.write(f"releases/{self._environment}.json", asdict(release))

    def keep_bill(self, commit: str, bill: Mapping[str, object]) -> None:
        """Keeps the bill of materials of a release beside its proposal."""
        self._bucket.write(f"releases/{self._environment}/{commit}.cdx.json", bill)

    def forget(self) -> None:
        """Says that nothing runs any more."""
        name = f"releases/{self._environment}.json"
        generation = self._bucket.generation(name)
        if generation is not None:
            self._bucket.remove(name, generation)

    def approved(self, commit: str) -> Proposal:
        """The proposal that was approved. UserError if nothing was proposed."""
        found = self._bucket.read(self._proposal(commit))
        if found is None:
            raise UserError(f"nothing was proposed for commit {commit}: make propose env={self._environment}")
        return Proposal(**found)

    def propose(self, commit: str, proposal: Proposal) -> None:
        """Keeps what somebody is asked to approve."""
        self._bucket.write(self._proposal(commit), asdict(proposal))

    def held(self, commit: str) -> AbstractContextManager[Callable[[], None]]:
        """One release at a time, whoever makes it; gives the check that it is still this one's."""
        return held(self._bucket, f"releases/{self._environment}.lock", holder(commit))

    def _proposal(self, commit: str) -> str:
        return f"releases/{self._environment}/{commit}.json"
