"""Terraform on copies of the configuration, where a provider can be had: from its registry, or from TERRAFORM itself."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.functions import read_map
from infra.release import by_function
from infra.releasing.registry import Record, ReleaseRegistry
from infra.releasing.stack import CARDS, LOCAL_STATE, NO_CLOUD, RELEASE, TERRAFORM, Stack
from tests.terraform.made import Made, make, plan
from tests.terraform.world import NEW, OLD, Imagined, World
from tests.terraform.world import REGIONS as TWO

REPOSITORY = Path(__file__).resolve().parents[2]
COMMAND = os.environ.get("TERRAFORM", "terraform")
FUNCTIONS = read_map(REPOSITORY)
BUNDLES = {name: f"{name}-{'0' * 15}1.zip" for name in FUNCTIONS}
REGIONS = ("asia-northeast3", "europe-west1", "us-central1")
CONNECTION = "projects/p/locations/us-central1/connections/github/repositories/ion"
BOTH = ("google", "google-beta")
FOUNDATION = f"""
  project     = "ion-test-project"
  environment = "prod"
  repository  = "{CONNECTION}"
  approvers   = ["group:release@example.com"]
  told        = ["oncall@example.com"]
"""
PROVIDER = 'terraform { \n required_providers { google = { source = "hashicorp/google", version = ">= 8.0, < 9.0" } } \n}\n'


def reason(done: subprocess.CompletedProcess[str]) -> str:
    """The first sentence of what Terraform says is wrong."""
    said = " ".join(done.stderr.replace("│", " ").replace("╷", " ").replace("╵", " ").split())
    return said.partition("Error: ")[2][:200]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    asked = [os.environ.get("TERRAFORM", "terraform"), f"-chdir={folder}", *arguments]
    return subprocess.run(asked, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The command, where it has the provider; else everything that needs it is skipped, loudly."""
    if shutil.which(COMMAND) is None:
        pytest.skip(f"LOUD: {COMMAND} is not installed, so the Terraform configuration is NOT checked")
    folder = tmp_path_factory.mktemp("provider")
    (folder / "main.tf").write_text(PROVIDER)
    with serving(folder) as command:
        done = run(folder, "init", "-input=false", "-no-color")
        if done.returncode:
            pytest.skip(f"LOUD: no provider hashicorp/google can be had, so the configuration is NOT checked: {reason(done)}")
        yield command


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The command while its provider runs. A wrapper that starts a provider, and then what REAL_TERRAFORM names, would do that
    for every call; so it is started once, and calls are told of its provider by what it sets."""
    told, held = folder / "attached", folder / "held"
    held.write_text(f'#!/bin/sh\necho "$TF_REATTACH_PROVIDERS" > {told}.new && mv {told}.new {told}\nexec cat\n')
    held.chmod(0o755)
    asked = [COMMAND, f"-chdir={folder}", "version"]
    with (
        subprocess.Popen(
            asked, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env={**os.environ, "REAL_TERRAFORM": str(held)}
        ) as started,
        pytest.MonkeyPatch.context() as environ,
    ):
        while started.poll() is None and not told.exists():
            time.sleep(0.02)
        command = COMMAND
        if told.exists():
            command = os.environ.get("REAL_TERRAFORM", "terraform")
            environ.setenv("TF_REATTACH_PROVIDERS", told.read_text().strip())
        environ.setenv("TERRAFORM", command)
        environ.setenv("GOGC", "400")  # Terraform spends a third of its time on 100 MB that it need not give back
        yield command


@pytest.fixture(scope="session")
def planning(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same where it also plans what asks no cloud, as `make plan offline=1` does."""
    folder = tmp_path_factory.mktemp("planning")
    provider = 'provider "google" {\n access_token = "none"\n}\n'
    (folder / "main.tf").write_text(f'{PROVIDER}{provider}resource "google_pubsub_topic" "x" {{\n name = "x"\n}}\n')
    done = run(folder, "init", "-input=false")
    done = done if done.returncode else run(folder, "plan", "-input=false", "-no-color")
    if done.returncode:
        pytest.skip(f"LOUD: this provider does not plan without a cloud, so plans are NOT checked: {reason(done)}")
    return terraform


def copied(root: Path) -> Path:
    """The configuration and what it reads, in another place."""
    ignored = shutil.ignore_patterns(".terraform*", "*.tfstate*", "*_override.tf")
    for part in (TERRAFORM, CARDS):
        shutil.copytree(REPOSITORY / part, root / part, ignore=ignored)
    return root


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReleaseRegistry:
    """A bucket by the stand-in of the Google Cloud CLI."""
    (tmp_path / "bin").mkdir()
    stand_in = tmp_path / "bin/gcloud"
    stand_in.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S {Path(__file__).parent / "gcloud"} "$@"\n')
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("GCLOUD_STAND_IN", str(tmp_path / "buckets"))
    return ReleaseRegistry("ion-mentoring-dev", "dev")


@pytest.fixture
def imagined(shelf: ReleaseRegistry, tmp_path: Path) -> Iterator[World]:
    """The same world above a Terraform that is none."""
    stack = Imagined()
    with World(tmp_path, stack, shelf, stack.running, tmp_path / "buckets") as made:
        yield made


@pytest.fixture
def released(imagined: World) -> World:
    """After two releases."""
    old, new = by_function(imagined.bundles(OLD)), by_function(imagined.bundles(NEW))
    imagined.stack.runs = {region: dict(new) for region in TWO}
    imagined.shelf.record(Record("commit-2", new, old))
    return imagined


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as Terraform tells it, and its resources by address (without the outermost module)."""

    told: Mapping[str, Any]

    @property
    def planned(self) -> dict[str, dict[str, Any]]:
        return {
            one["address"].removeprefix("module.ion."): one["change"]["after"]
            for one in self.told["resource_changes"]
            if one["mode"] == "managed" and one["change"]["after"]
        }

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """Resources of one type."""
        return {address: after for address, after in self.planned.items() if address.rsplit(".", 2)[-2] == kind}

    @property
    def counts(self) -> Counter[str]:
        return Counter(one["type"] for one in self.told["resource_changes"] if one["mode"] == "managed")

    def changed(self, *kinds: str) -> set[str]:
        """Addresses whose actions are these."""
        return {
            one["address"].removeprefix("module.ion.")
            for one in self.told["resource_changes"]
            if one["mode"] == "managed" and set(one["change"]["actions"]) == set(kinds)
        }


Initialised = Callable[[str], Path]


@pytest.fixture(scope="session")
def initialised(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Initialised:
    """A repository in which a folder of the configuration is initialised, once each: to be copied, since Terraform asks for
    that before everything else, and nothing that a test changes in a configuration touches what it got."""
    made: dict[str, Path] = {}

    def root(folder: str) -> Path:
        if folder not in made:
            made[folder] = copied(tmp_path_factory.mktemp("initialised") / "repository")
            at = made[folder] / TERRAFORM / folder
            if folder:
                (at / "backend_override.tf").write_text(LOCAL_STATE)
            done = run(at, "init", "-input=false", "-no-color")
            assert done.returncode == 0, done.stderr
        return made[folder]

    return root


class Set:
    """One environment of an initialised repository at `root`; its state stays there from plan to plan."""

    def __init__(self, root: Path, environment: str, command: str) -> None:
        self.root = root
        self.folder = root / TERRAFORM / "envs" / environment
        self.stack = Stack(root, environment, terraform=command)
        (self.folder / "cloud_override.tf").write_text(NO_CLOUD, encoding="utf-8")
        self.release: dict[str, Any] = {"bundles": BUNDLES, "previous": {}, "regions": None}

    def edit(self, before: str, after: str, file: str = "main.tf") -> None:
        """One change in the environment's own file."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1, before
        path.write_text(text.replace(before, after), encoding="utf-8")

    def functions(self, functions: Mapping[str, Mapping[str, Any]]) -> None:
        (self.root / TERRAFORM / "functions.json").write_text(json.dumps(functions), encoding="utf-8")

    def plan(self, *, apply: bool = False) -> Plan:
        planned = self.stack.plan(self.release)
        if apply:
            self.stack.apply(planned)
        return Plan(planned.told)


@pytest.fixture(scope="session")
def applied(initialised: Initialised, planning: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Plan]:
    """A repository in whose copy prod was applied, in imagination; and the plan of that."""
    root = shutil.copytree(initialised("envs/prod"), tmp_path_factory.mktemp("applied") / "repository")
    return root, Set(root, "prod", planning).plan(apply=True)


@pytest.fixture
def running(applied: tuple[Path, Plan], tmp_path: Path, planning: str) -> Set:
    """Prod as it runs: the next plan shows what changes."""
    root, _ = applied
    return Set(shutil.copytree(root, tmp_path / "running"), "prod", planning)


@pytest.fixture(scope="session")
def planned(applied: tuple[Path, Plan]) -> Plan:
    """The plan of prod as it stands, of a set that does not exist yet."""
    return applied[1]


@pytest.fixture(scope="session")
def made(initialised: Initialised, terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Prod as it stands, made in imagination, with values that tell one resource from the other."""
    root = shutil.copytree(initialised("envs/prod"), tmp_path_factory.mktemp("made") / "repository")
    (root / RELEASE).parent.mkdir()
    (root / RELEASE).write_text(json.dumps({"bundles": BUNDLES}), encoding="utf-8")
    return make(terraform, root / TERRAFORM / "envs/prod")


@pytest.fixture(scope="session")
def made_foundation(initialised: Initialised, terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The foundation of prod, made in imagination."""
    return make(terraform, _foundation(initialised, tmp_path_factory), FOUNDATION, BOTH)


@pytest.fixture(scope="session")
def foundation(initialised: Initialised, terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The plan of the foundation of a project that has none yet; it looks at the project, so the provider is a mock."""
    return Plan(plan(terraform, _foundation(initialised, tmp_path_factory), FOUNDATION, BOTH))


def _foundation(initialised: Initialised, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = shutil.copytree(initialised("foundation"), tmp_path_factory.mktemp("made") / "foundation")
    return root / TERRAFORM / "foundation"
