"""The registry of releases: bundles by their hash, what runs now, and what was approved, in the project's bundle bucket."""

import base64
import hashlib
import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from infra.user_error import UserError

MISSING: Final = "matched no objects"  # what `gcloud storage cat` says of an object that is not there
CHANGED: Final = "412"  # and `rm`, of one that is another by now


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
    """The bucket gs://<project>-bundles by the Google Cloud CLI, in its user's name. What fails is UserError."""

    def __init__(self, project: str, environment: str) -> None:
        self._bucket = f"gs://{project}-bundles"
        self._environment = environment

    def put(self, bundles: Sequence[Path]) -> None:
        """Puts bundles there; one that is there already stays. UserError if one is not what its name says: whoever proposes may
        put anything under the name that the approved commit will ask for."""
        self._gcloud("storage", "cp", "--no-clobber", *(str(bundle) for bundle in bundles), f"{self._bucket}/")
        other = [bundle.name for bundle in bundles if self._told(bundle.name, "md5_hash") != _md5(bundle)]
        if other:
            raise UserError(
                f"{self._bucket} has other bytes than this commit builds under {', '.join(other)}: who put them there?"
            )

    def current(self) -> Record | None:
        """The running release; None before the first release."""
        found = self._read(f"releases/{self._environment}.json")
        return Record(**found) if found else None

    def record(self, release: Record) -> None:
        """Says what runs from now on."""
        self._write(f"releases/{self._environment}.json", asdict(release))

    def approved(self, commit: str) -> Proposal:
        """The proposal that was approved. UserError if nothing was proposed."""
        found = self._read(self._proposal(commit))
        if found is None:
            raise UserError(f"nothing was proposed for commit {commit}: make propose env={self._environment}")
        return Proposal(**found)

    def propose(self, commit: str, proposal: Proposal) -> None:
        """Keeps what somebody is asked to approve."""
        self._write(self._proposal(commit), asdict(proposal))

    @contextmanager
    def held(self, commit: str) -> Iterator[None]:
        """One release at a time, whoever makes it; UserError while another one is on its way, or was killed on it."""
        lock = f"{self._bucket}/releases/{self._environment}.lock"
        try:
            self._write(f"releases/{self._environment}.lock", commit, "--if-generation-match=0")
        except UserError as refusal:
            other = self._read(f"releases/{self._environment}.lock")
            if other is None:
                raise
            raise UserError(
                f"another release is on its way: {other}. If nobody makes it any more: gcloud storage rm {lock}"
            ) from refusal
        generation = self._told(f"releases/{self._environment}.lock", "generation")
        try:
            yield
        finally:
            self._let_go(lock, generation)

    def _let_go(self, lock: str, generation: str) -> None:
        """Takes this lock away, and leaves it to whoever took over if it is another one by now, or none."""
        done = _ran("storage", "rm", f"--if-generation-match={generation}", lock)
        if done.returncode and not any(said in done.stderr for said in (CHANGED, MISSING)):
            raise UserError(f"gcloud storage rm failed: {done.stderr.strip()}")

    def _told(self, name: str, what: str) -> str:
        """A field of an object, as the bucket says it."""
        done = _ran("storage", "objects", "describe", f"{self._bucket}/{name}", f"--format=value({what})")
        if done.returncode:
            raise UserError(f"{self._bucket}/{name}: {done.stderr.strip()}")
        return done.stdout.strip()

    def _proposal(self, commit: str) -> str:
        return f"releases/{self._environment}/{commit}.json"

    def _read(self, name: str) -> Any:
        done = _ran("storage", "cat", f"{self._bucket}/{name}")
        if done.returncode == 0:
            return json.loads(done.stdout)
        if MISSING in done.stderr:
            return None
        raise UserError(f"{self._bucket}/{name}: {done.stderr.strip()}")

    def _write(self, name: str, value: object, *conditions: str) -> None:
        self._gcloud("storage", "cp", *conditions, "-", f"{self._bucket}/{name}", said=json.dumps(value, indent=2))

    def _gcloud(self, *arguments: str, said: str | None = None) -> None:
        done = _ran(*arguments, said=said)
        if done.returncode:
            raise UserError(f"gcloud {' '.join(arguments[:2])} failed: {done.stderr.strip()}")


def _md5(file: Path) -> str:
    """The hash that Cloud Storage makes of every object, in its form."""
    return base64.b64encode(hashlib.md5(file.read_bytes(), usedforsecurity=False).digest()).decode()


def _ran(*arguments: str, said: str | None = None) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(["gcloud", *arguments], check=False, capture_output=True, text=True, input=said)
    except OSError as error:
        raise UserError(f"gcloud: {error.strerror} (https://cloud.google.com/sdk/docs/install)") from error
