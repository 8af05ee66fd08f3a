"""Runs Terraform for one environment: what it would change, as values, and the change itself.

`offline` works on a copy below build/ with a state of its own there: everything is planned as if nothing existed yet.
"""

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from infra.refusal import Refused

TERRAFORM: Final = Path("infra/terraform")
CARDS: Final = Path("shared/ion_mentoring/personas/cards")
RELEASE: Final = Path("build/release.json")
OFFLINE: Final = Path("build/offline")
LOCAL_STATE: Final = 'terraform {\n  backend "local" {}\n}\n'
NOTHING: Final = ("no-op",), ("read",)
KEPT: Final = {  # what nobody could bring back, or only with a day of work
    "google_firestore_database",
    "google_kms_crypto_key",
    "google_storage_bucket",
    "google_secret_manager_secret",
    "google_dns_managed_zone",
}


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one resource: `actions` as Terraform says them, such as ("delete", "create")."""

    address: str
    type: str
    actions: tuple[str, ...]

    @property
    def place(self) -> str:
        """The part of the set that it is in: `region["us-central1"]`, `edge`; empty for the set's own."""
        inner = re.findall(r"module\.((?:\w+)(?:\[\"[^\"]+\"\])?)", self.address)
        return inner[1] if len(inner) > 1 else ""

    @property
    def kind(self) -> str:
        """add, change, replace or destroy."""
        if set(self.actions) == {"create", "delete"}:
            return "replace"
        return {"create": "add", "update": "change", "delete": "destroy", "forget": "destroy"}[self.actions[0]]


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan that can be applied: its file, its changes, where each region answers (region to URL), and all of it as
    `terraform show -json` tells it."""

    file: Path
    changes: tuple[Change, ...]
    regions: Mapping[str, str]
    told: Mapping[str, Any]

    @property
    def lost(self) -> tuple[str, ...]:
        """Addresses of what would be destroyed or replaced, and could not be had back."""
        return tuple(one.address for one in self.changes if one.type in KEPT and one.kind in ("destroy", "replace"))

    def beyond(self, approved: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
        """Addresses of what changes here, and not, or not like this, in what was approved."""
        return tuple(one.address for one in self.changes if tuple(approved.get(one.address, ())) != one.actions)


class Stack:
    """The set of one environment in the repository at `root`; commands that fail are Refused, having said why themselves."""

    def __init__(self, root: Path, environment: str, *, terraform: str = "terraform", offline: bool = False) -> None:
        self._source = root
        self._terraform = terraform
        self._environment = environment
        self._offline = offline
        self._root = root / OFFLINE if offline else root
        if not (root / TERRAFORM / "envs" / environment / "main.tf").is_file():
            known = sorted(path.parent.name for path in (root / TERRAFORM / "envs").glob("*/main.tf"))
            raise Refused(f"there is no environment {environment!r}; there are {', '.join(known)}")

    @property
    def project(self) -> str:
        """The project id of terraform.tfvars."""
        values = self._folder(self._source) / "terraform.tfvars"
        found = re.search(r'^\s*project\s*=\s*"([^"]+)"', values.read_text(encoding="utf-8"), re.MULTILINE)
        if not found:
            raise Refused(f'{values.relative_to(self._source)}: says no project = "..."')
        return found[1]

    def init(self) -> None:
        """Gets the providers and, unless offline, the state's bucket."""
        if self._offline:
            self._copy()
            self._run("init", "-input=false", quiet=True)
        else:
            self._run("init", "-input=false", f"-backend-config=bucket={self.project}-state", quiet=True)

    def plan(self, release: Mapping[str, Any], without: Set[str] = frozenset()) -> Planned:
        """What this release would change; the plan is printed by Terraform itself.

        `without` a region that is lost, nothing is looked at or changed but the other regions: its APIs do not answer.
        """
        written = self._root / RELEASE
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(json.dumps(release, indent=2) + "\n", encoding="utf-8")
        file = self._root / "build" / f"{self._environment}.tfplan"
        living = self._living(without) if without else {}
        narrowed = ["-refresh=false", *(f'-target=module.ion.module.region["{region}"]' for region in living)] if living else []
        self._run("plan", "-input=false", f"-out={file.resolve()}", *narrowed)
        shown = json.loads(self._said("show", "-json", str(file.resolve())))
        return Planned(file, _changes(shown), living or _regions(shown), shown)

    def apply(self, planned: Planned) -> None:
        """Makes the changes of a plan."""
        self._run("apply", "-input=false", str(planned.file.resolve()))

    def _living(self, without: Set[str]) -> Mapping[str, str]:
        """The regions that are left, from the state alone; Refused if one is none of the set's, or none is left."""
        known: Mapping[str, str] = json.loads(self._said("output", "-json", "regions"))
        left = {region: url for region, url in known.items() if region not in without}
        if not left or without - known.keys():
            raise Refused(f"not without {', '.join(sorted(without))}: the set has {', '.join(sorted(known))}")
        return left

    def _folder(self, root: Path) -> Path:
        return root / TERRAFORM / "envs" / self._environment

    def _copy(self) -> None:
        """The configuration and what it reads, beside a state of its own; that state stays from time to time."""
        ignored = shutil.ignore_patterns(".terraform", "*.tfstate*")
        for part in (TERRAFORM, CARDS):
            shutil.copytree(self._source / part, self._root / part, ignore=ignored, dirs_exist_ok=True)
        (self._folder(self._root) / "backend_override.tf").write_text(LOCAL_STATE, encoding="utf-8")

    def _command(self, *arguments: str) -> list[str]:
        return [self._terraform, f"-chdir={self._folder(self._root)}", *arguments]

    def _run(self, *arguments: str, quiet: bool = False) -> None:
        try:
            done = subprocess.run(self._command(*arguments), check=False, capture_output=quiet, text=True, env=_environ())
        except OSError as error:
            raise Refused(f"{self._terraform}: {error.strerror} (https://developer.hashicorp.com/terraform/install)") from error
        if done.returncode:
            raise Refused(f"terraform {arguments[0]} failed\n{done.stderr or ''}".rstrip())

    def _said(self, *arguments: str) -> str:
        done = subprocess.run(self._command(*arguments), check=False, capture_output=True, text=True, env=_environ())
        if done.returncode:
            raise Refused(f"terraform {arguments[0]} failed\n{done.stderr}".rstrip())
        return done.stdout


def _environ() -> Mapping[str, str]:
    return {**os.environ, "TF_IN_AUTOMATION": "1"}


def _changes(shown: Mapping[str, Any]) -> tuple[Change, ...]:
    found = (Change(one["address"], one["type"], tuple(one["change"]["actions"])) for one in shown.get("resource_changes", ()))
    return tuple(one for one in found if one.actions not in NOTHING)


def _regions(shown: Mapping[str, Any]) -> Mapping[str, str]:
    return dict(shown["planned_values"]["outputs"]["regions"]["value"])


def summary(planned: Planned) -> str:
    """The changes by place, one line each: what a person looks at before the plan itself."""
    rows = Counter((one.place or "the set", one.kind) for one in planned.changes)
    places = list(dict.fromkeys(place for place, _ in sorted(rows)))
    kinds = ("add", "change", "replace", "destroy")
    wide = max((len(place) for place in places), default=0)
    lines = [f"{'where':<{wide}}" + "".join(f"{kind:>9}" for kind in kinds)]
    lines += [f"{place:<{wide}}" + "".join(f"{rows[place, kind] or '':>9}" for kind in kinds) for place in places]
    return "\n".join(lines) if places else "nothing changes"
