"""Runs Terraform for one environment: what it would change, as values, and the change itself.

`offline` works on a copy below build/ with a state of its own there: everything is planned as if nothing existed yet.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from infra.user_error import UserError

TERRAFORM: Final = Path("infra/terraform")
CARDS: Final = Path("shared/ion_mentoring/personas/cards")
RELEASE: Final = Path("build/release.json")
LOCK: Final = ".terraform.lock.hcl"
OFFLINE: Final = Path("build/offline")
LOCAL_STATE: Final = 'terraform {\n  backend "local" {}\n}\n'
NO_CLOUD: Final = """# What a plan without a cloud assumes instead of asking.
provider "google" {
  access_token = "none"
}

module "ion" {
  assumed = { number = "1", version = "1" }
}
"""
OWN: Final = {  # what a thing says of itself, and nobody sets
    "conditions",
    "earliest_version_time",
    "etag",
    "generation",
    "latest_created_execution",
    "latest_created_revision",
    "latest_ready_revision",
    "observed_generation",
    "reconciling",
    "state",
    "terminal_condition",
    "traffic_statuses",
    "update_time",
}
NOTHING: Final = ("no-op",), ("read",)
LOCKED: Final = "-lock-timeout=15m"  # a plan of the next change may be under way
FUNCTION: Final = "google_cloud_run_v2_service"
MADE: Final = ("create",), ("update",)
GROUP: Final = r"\.google_compute_region_network_endpoint_group\.router$"
BALANCER: Final = r"\.edge\.google_compute_backend_service\.router$"
KEPT: Final = {  # what nobody could bring back, or only with a day of work
    "google_firestore_database",
    "google_kms_crypto_key",
    "google_storage_bucket",
    "google_secret_manager_secret",
    "google_dns_managed_zone",
}


@dataclass(frozen=True, slots=True)
class Change:
    """The change of one resource: `actions` as Terraform says them, such as ("delete", "create")."""

    address: str
    type: str
    actions: tuple[str, ...]

    @property
    def place(self) -> str:
        """The part of the set that it is in: `region["us-central1"]`, `edge`; empty for the set's own."""
        inner = re.findall(r"module\.((?:\w+)(?:\[\"[^\"]+\"\])?)", self.address)
        return inner[1] if len(inner) > 1 else ""

    def within(self, approved: tuple[str, ...]) -> bool:
        """True if it is what was approved. A function that failed while it was made is made anew, which takes nothing away."""
        return self.actions == approved or (self.type == FUNCTION and self.kind == "replace" and approved in MADE)

    @property
    def kind(self) -> str:
        """add, change, replace or destroy."""
        if set(self.actions) == {"create", "delete"}:
            return "replace"
        return {"create": "add", "update": "change", "delete": "destroy", "forget": "destroy"}[self.actions[0]]


@dataclass(frozen=True, slots=True)
class Places:
    """The addresses of a set: each region under its own URL, all under the one address; `home` works for all regions. What
    runs there has to be `signed` where the set says so."""

    regions: Mapping[str, str]
    home: str
    address: str
    signed: bool = False

    @property
    def works(self) -> str:
        """The region of work for all regions: at home, or in any region that is left."""
        return self.home if self.home in self.regions else min(self.regions)

    def without(self, lost: Set[str]) -> "Places":
        """The same without some regions."""
        return replace(self, regions={region: url for region, url in self.regions.items() if region not in lost})


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan that can be applied: its file, its changes, where the set answers then, and all of it as `terraform show -json`
    tells it."""

    file: Path
    changes: tuple[Change, ...]
    places: Places
    told: Mapping[str, Any]

    @property
    def lost(self) -> tuple[str, ...]:
        """Addresses of what would be destroyed or replaced, and could not be had back."""
        return tuple(one.address for one in self.changes if one.type in KEPT and one.kind in ("destroy", "replace"))

    @property
    def abandoned(self) -> tuple[str, ...]:
        """Regions that would be destroyed while the one address still leads clients to them."""
        gone = {before["id"]: before["region"] for before in self._before(GROUP, "destroy")}
        led = [backend["group"] for before in self._before(BALANCER) for backend in before["backend"]]
        return tuple(region for group, region in gone.items() if any(one.endswith(group) for one in led))

    @property
    def refusal(self) -> str | None:
        """Why nobody should apply it, None if there is no reason."""
        if self.lost:
            return f"this would destroy what nobody can bring back: {', '.join(self.lost)}"
        if self.abandoned:
            regions = ", ".join(self.abandoned)
            return f"this would destroy {regions} while clients are led there: deploy it as drained first"
        return None

    def _before(self, address: str, kind: str = "") -> Iterator[Mapping[str, Any]]:
        """The resources before the plan, of addresses that match, with this kind of change if one is said."""
        kinds = {one.address: one.kind for one in self.changes}
        for one in self.told.get("resource_changes", ()):
            if re.search(address, one["address"]) and (not kind or kinds.get(one["address"]) == kind):
                yield from (one["change"]["before"],) if one["change"]["before"] else ()

    @property
    def gives_rights(self) -> bool:
        """True if it lets somebody do something that they could not do before."""
        return any(one.type.endswith("_iam_member") and one.kind in ("add", "replace") for one in self.changes)

    def beyond(self, approved: Mapping[str, Sequence[str]], free: str = "") -> tuple[str, ...]:
        """Addresses of what changes here, and not, or not like this, in what was approved; what is of the type `free` may."""
        asked = (one for one in self.changes if one.type != free)
        return tuple(one.address for one in asked if not one.within(tuple(approved.get(one.address, ()))))


class Stack:
    """The set of one environment in the repository at `root`; commands that fail are UserError, having said why themselves."""

    def __init__(self, root: Path, environment: str, *, terraform: str = "terraform", offline: bool = False) -> None:
        self._source = root
        self._terraform = terraform
        self._environment = environment
        self._offline = offline
        self._root = root / OFFLINE if offline else root
        if not (root / TERRAFORM / "envs" / environment / "main.tf").is_file():
            known = sorted(path.parent.name for path in (root / TERRAFORM / "envs").glob("*/main.tf"))
            raise UserError(f"there is no environment {environment!r}; there are {', '.join(known)}")

    @property
    def project(self) -> str:
        """The project id of terraform.tfvars."""
        values = self._folder(self._source) / "terraform.tfvars"
        found = re.search(r'^\s*project\s*=\s*"([^"]+)"', values.read_text(encoding="utf-8"), re.MULTILINE)
        if not found:
            raise UserError(f'{values.relative_to(self._source)}: says no project = "..."')
        return found[1]

    def init(self) -> None:
        """Gets the providers and, unless offline, the state's bucket."""
        if self._offline:
            self._copy()
            self._run("init", "-input=false", quiet=True)
        else:
            if not (self._folder(self._root) / LOCK).is_file():
                raise UserError(
                    f"envs/{self._environment} has no {LOCK}, which pins the provider: make providers, and commit it"
                )
            self._run("init", "-input=false", "-lockfile=readonly", f"-backend-config=bucket={self.project}-state", quiet=True)

    def plan(
        self, release: Mapping[str, Any], targets: Sequence[str] = (), *, refresh: bool = True, quiet: bool = False
    ) -> Planned:
        """The changes of this release; the plan is printed by Terraform itself, unless `quiet`. With `targets` (addresses)
        nothing else is planned than they and what they stand on; without `refresh` nothing is looked at, since it may not
        answer."""
        self._write(release)
        file = self._root / "build" / f"{self._environment}.tfplan"
        narrowed = [f"-target={address}" for address in targets] + ([] if refresh else ["-refresh=false"])
        self._run("plan", "-input=false", LOCKED, f"-out={file.resolve()}", *narrowed, quiet=quiet)
        shown = json.loads(self._said("show", "-json", str(file.resolve())))
        places = self.outputs() if targets else _places(shown["planned_values"]["outputs"])
        return Planned(file, _changes(shown), places, shown)

    def apply(self, planned: Planned) -> None:
        """Makes the changes of a plan."""
        self._run("apply", "-input=false", LOCKED, str(planned.file.resolve()))

    def drift(self) -> Mapping[str, tuple[str, ...]]:
        """The attributes that differ in the cloud from what the state says, by address; an empty tuple is a thing that is gone.
        It looks only: neither the configuration nor what runs matters, and nothing is locked."""
        file = self._root / "build" / f"{self._environment}.drift"
        file.parent.mkdir(parents=True, exist_ok=True)
        asked = ["plan", "-refresh-only", "-input=false", "-lock=false", f"-out={file.resolve()}"]
        self._run(*asked, quiet=True)
        shown = json.loads(self._said("show", "-json", str(file.resolve())))
        return dict(_drifted(shown.get("resource_drift", ())))

    def destroy(self, release: Mapping[str, Any]) -> None:
        """Takes everything away that the state knows of."""
        self._write(release)
        self._run("destroy", "-input=false", "-auto-approve", LOCKED)

    def outputs(self) -> Places:
        """The addresses of the set, by the state: no region before the first release."""
        return _places(json.loads(self._said("output", "-json")))

    def _write(self, release: Mapping[str, Any]) -> None:
        written = self._root / RELEASE
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(json.dumps(release, indent=2) + "\n", encoding="utf-8")

    def _folder(self, root: Path) -> Path:
        return root / TERRAFORM / "envs" / self._environment

    def _copy(self) -> None:
        """The configuration and what it reads, beside a state of its own; that state stays from time to time."""
        ignored = shutil.ignore_patterns(".terraform", "*.tfstate*")
        for part in (TERRAFORM, CARDS):
            shutil.copytree(self._source / part, self._root / part, ignore=ignored, dirs_exist_ok=True)
        (self._folder(self._root) / "backend_override.tf").write_text(LOCAL_STATE, encoding="utf-8")
        (self._folder(self._root) / "cloud_override.tf").write_text(NO_CLOUD, encoding="utf-8")

    def _command(self, *arguments: str) -> list[str]:
        return [self._terraform, f"-chdir={self._folder(self._root)}", *arguments]

    def _run(self, *arguments: str, quiet: bool = False) -> None:
        try:
            with _finished():
                done = subprocess.run(self._command(*arguments), check=False, capture_output=quiet, text=True, env=_environ())
        except OSError as error:
            raise UserError(
                f"{self._terraform}: {error.strerror} (https://developer.hashicorp.com/terraform/install)"
            ) from error
        if done.returncode:
            raise UserError(f"terraform {arguments[0]} failed\n{done.stderr or ''}".rstrip())

    def _said(self, *arguments: str) -> str:
        done = subprocess.run(self._command(*arguments), check=False, capture_output=True, text=True, env=_environ())
        if done.returncode:
            raise UserError(f"terraform {arguments[0]} failed\n{done.stderr}".rstrip())
        return done.stdout


@contextmanager
def _finished() -> Iterator[None]:
    """Ctrl-C reaches Terraform by itself, which then ends what it is making and writes it down; so it is waited for."""
    asked: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: asked.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt


def _environ() -> Mapping[str, str]:
    log = os.environ.get("CI") == "true" or not sys.stdout.isatty()  # which shows no colours
    plain = {"TF_CLI_ARGS": "-no-color"} if log else {}
    return {**os.environ, "TF_IN_AUTOMATION": "1", **plain}


def _changes(shown: Mapping[str, Any]) -> tuple[Change, ...]:
    found = (Change(one["address"], one["type"], tuple(one["change"]["actions"])) for one in shown.get("resource_changes", ()))
    return tuple(one for one in found if one.actions not in NOTHING)


def _drifted(resources: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in resources:
        before, after = (one["change"].get(when) or {} for when in ("before", "after"))
        changed = tuple(sorted(name for name in before if after.get(name) != before[name] and name not in OWN))
        if not after or changed:
            yield one["address"], changed if after else ()


def _places(outputs: Mapping[str, Any]) -> Places:
    found = {name: output.get("value") for name, output in outputs.items()}
    return Places(found.get("regions") or {}, found.get("home") or "", found.get("address") or "", found.get("signed") is True)


def region_of(region: str) -> str:
    """The address of everything of a region."""
    return f'module.ion.module.region["{region}"]'


def functions_of(region: str) -> list[str]:
    """The addresses of a region's functions."""
    return [f"{region_of(region)}.module.{kind}" for kind in ("router", "persona", "worker")]


def summary(planned: Planned) -> str:
    """The changes by place, one line each: what a person looks at before the plan itself."""
    rows = Counter((one.place or "the set", one.kind) for one in planned.changes)
    places = list(dict.fromkeys(place for place, _ in sorted(rows)))
    kinds = ("add", "change", "replace", "destroy")
    wide = max((len(place) for place in places), default=0)
    lines = [f"{'where':<{wide}}" + "".join(f"{kind:>9}" for kind in kinds)]
    lines += [f"{place:<{wide}}" + "".join(f"{rows[place, kind] or '':>9}" for kind in kinds) for place in places]
    return "\n".join(lines) if places else "nothing changes"
