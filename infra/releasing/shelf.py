"""Where releases lie: bundles by their hash, what runs now, and what was approved, in the project's bundle bucket."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from infra.refusal import Refused

MISSING: Final = "matched no objects"  # what `gcloud storage cat` says of an object that is not there


@dataclass(frozen=True, slots=True)
class Record:
    """What runs: the commit it is of, its bundles by function, and those of the release before it."""

    commit: str
    bundles: Mapping[str, str]
    previous: Mapping[str, str]


class Shelf:
    """The bucket gs://<project>-bundles by the Google Cloud CLI, in its user's name. What fails is Refused."""

    def __init__(self, project: str, environment: str) -> None:
        self._bucket = f"gs://{project}-bundles"
        self._environment = environment

    def put(self, bundles: Sequence[Path]) -> None:
        """Puts bundles there; one that is there already stays, since its name says what is in it."""
        self._gcloud("storage", "cp", "--no-clobber", *(str(bundle) for bundle in bundles), f"{self._bucket}/")

    def current(self) -> Record | None:
        """What runs now; None before the first release."""
        found = self._read(f"releases/{self._environment}.json")
        return Record(found["commit"], found["bundles"], found["previous"]) if found else None

    def record(self, release: Record) -> None:
        """Says what runs from now on."""
        value = {"commit": release.commit, "bundles": dict(release.bundles), "previous": dict(release.previous)}
        self._write(f"releases/{self._environment}.json", value)

    def approved(self, commit: str) -> Mapping[str, Sequence[str]]:
        """The changes that were shown to whoever approved: actions by address. Refused if nothing was proposed."""
        found: Mapping[str, Sequence[str]] | None = self._read(self._proposal(commit))
        if found is None:
            raise Refused(f"nothing was proposed for commit {commit}: make propose env={self._environment}")
        return found

    def propose(self, commit: str, changes: Mapping[str, Sequence[str]]) -> None:
        """Keeps the changes that somebody is asked to approve."""
        self._write(self._proposal(commit), changes)

    def _proposal(self, commit: str) -> str:
        return f"releases/{self._environment}/{commit}.json"

    def _read(self, name: str) -> Any:
        try:
            done = subprocess.run(
                ["gcloud", "storage", "cat", f"{self._bucket}/{name}"], check=False, capture_output=True, text=True
            )
        except OSError as error:
            raise Refused(f"gcloud: {error.strerror} (https://cloud.google.com/sdk/docs/install)") from error
        if done.returncode == 0:
            return json.loads(done.stdout)
        if MISSING in done.stderr:
            return None
        raise Refused(f"{self._bucket}/{name}: {done.stderr.strip()}")

    def _write(self, name: str, value: object) -> None:
        self._gcloud("storage", "cp", "-", f"{self._bucket}/{name}", said=json.dumps(value, indent=2))

    def _gcloud(self, *arguments: str, said: str | None = None) -> None:
        try:
            done = subprocess.run(["gcloud", *arguments], check=False, capture_output=True, text=True, input=said)
        except OSError as error:
            raise Refused(f"gcloud: {error.strerror} (https://cloud.google.com/sdk/docs/install)") from error
        if done.returncode:
            raise Refused(f"gcloud {' '.join(arguments[:2])} failed: {done.stderr.strip()}")
