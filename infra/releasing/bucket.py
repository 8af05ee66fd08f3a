"""A bucket of Cloud Storage by the Google Cloud CLI, in its user's name."""

import base64
import hashlib
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from infra.user_error import UserError

MISSING: Final = "matched no objects"  # what `gcloud storage cat` says of an object that is not there
CHANGED: Final = "412"  # and `rm`, of one that is another by now
NEW: Final = "--if-generation-match=0"  # only if there is none yet


class Bucket:
    """The bucket at `url`. What fails is UserError."""

    def __init__(self, url: str) -> None:
        self.url = url

    def read(self, name: str) -> Any:
        """An object of JSON; None if there is none."""
        done = _ran("storage", "cat", f"{self.url}/{name}")
        if done.returncode == 0:
            return _json(done.stdout, f"{self.url}/{name}")
        if MISSING in done.stderr:
            return None
        raise UserError(f"{self.url}/{name}: {done.stderr.strip()}")

    def write(self, name: str, value: object, *conditions: str) -> None:
        """Writes a value as JSON."""
        self._gcloud("storage", "cp", *conditions, "-", f"{self.url}/{name}", said=json.dumps(value, indent=2))

    def add(self, files: Sequence[Path]) -> None:
        """Puts files there; one whose name is there already stays."""
        self._gcloud("storage", "cp", "--no-clobber", *(str(file) for file in files), f"{self.url}/")

    def differs(self, file: Path) -> bool:
        """True if the object of the file's name has other bytes, by the hash that Cloud Storage makes of every object."""
        own = base64.b64encode(hashlib.md5(file.read_bytes(), usedforsecurity=False).digest()).decode()
        return self._told(file.name, "md5_hash") != own

    def generation(self, name: str) -> str | None:
        """The number that each writing changes; None if there is no such object."""
        try:
            return self._told(name, "generation")
        except _Missing:
            return None

    def remove(self, name: str, generation: str) -> None:
        """Removes an object if it is still this one."""
        done = _ran("storage", "rm", f"--if-generation-match={generation}", f"{self.url}/{name}")
        if done.returncode and not any(said in done.stderr for said in (CHANGED, MISSING)):
            raise UserError(f"gcloud storage rm failed: {done.stderr.strip()}")

    def _told(self, name: str, what: str) -> str:
        done = _ran("storage", "objects", "describe", f"{self.url}/{name}", f"--format=value({what})")
        if done.returncode:
            error = _Missing if "not found" in done.stderr.lower() or MISSING in done.stderr else UserError
            raise error(f"{self.url}/{name}: {done.stderr.strip()}")
        return done.stdout.strip()

    def _gcloud(self, *arguments: str, said: str | None = None) -> None:
        done = _ran(*arguments, said=said)
        if done.returncode:
            raise UserError(f"gcloud {' '.join(arguments[:2])} failed: {done.stderr.strip()}")


class _Missing(UserError):
    """There is no such object."""


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise UserError(f"{name} is no JSON: {error}") from error


def _ran(*arguments: str, said: str | None = None) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(["gcloud", *arguments], check=False, capture_output=True, text=True, input=said)
    except OSError as error:
        raise UserError(f"gcloud: {error.strerror} (https://cloud.google.com/sdk/docs/install)") from error
