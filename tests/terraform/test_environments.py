"""The environments' own values: what dev is made of, and places, states and projects that must not be mixed up."""

import json
import re
import shutil
from pathlib import Path

import pytest

from infra.releasing.stack import RELEASE, TERRAFORM
from tests.terraform.conftest import BUNDLES, REPOSITORY, Initialised
from tests.terraform.made import Made, make
from tests.terraform.test_variants import environment, values


@pytest.fixture(scope="module")
def dev(initialised: Initialised, terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Made:
    root = shutil.copytree(initialised("envs/dev"), tmp_path_factory.mktemp("dev") / "repository")
    (root / RELEASE).parent.mkdir()
    (root / RELEASE).write_text(json.dumps({"bundles": BUNDLES}), encoding="utf-8")
    return make(terraform, root / TERRAFORM / "envs/dev")


def test_dev_is_small_and_can_be_thrown_away(dev: Made) -> None:
    assert {one.values["project"] for one in dev.resources if "project" in one.values} == {"ion-mentoring-dev"}
    assert values(dev, "global.google_dns_managed_zone.public")["dns_name"] == "mentoring-dev.example.com."
    subnetworks = dev.of("region.google_compute_subnetwork.functions")
    networks = {one.indices["region"]: one.values["ip_cidr_range"] for one in subnetworks}
    cidrs = {"asia-northeast3": "10.16.0.0/20", "us-central1": "10.16.16.0/20", "europe-west1": "10.16.32.0/20"}
    assert networks == cidrs, "networks of dev and prod do not overlap: they may be joined one day"
    caches = dev.of("region.google_memorystore_instance.cache")
    sizes = {(one.values["node_type"], one.values["replica_count"]) for one in caches}
    assert sizes == {("SHARED_CORE_NANO", 0)}, "docs/costs.md counts with the smallest"
    database = values(dev, "global.google_firestore_database.this")
    assert database["delete_protection_state"] == "DELETE_PROTECTION_DISABLED"
    assert values(dev, "delivery.google_cloud_run_v2_service_iam_member.pusher", function="batch")["location"] == "us-central1"
    found = environment(dev, "router")
    assert (found["ENVIRONMENT"], found["MODEL"], "V1_OPEN" in found) == ("dev", "playbook", False)


def block(file: Path, head: str) -> str:
    """A block of a configuration's file, without comments."""
    found = re.search(rf"^ *{re.escape(head)} \{{(.*?)^ *\}}", file.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found, f"{file}: no {head}"
    return " ".join(re.sub(r"#.*", "", found[1]).split())


def holding(folder: str, text: str) -> Path:
    """The file of a folder that has this text."""
    (file,) = [one for one in (REPOSITORY / TERRAFORM / folder).glob("*.tf") if text in one.read_text(encoding="utf-8")]
    return file


@pytest.mark.parametrize(("folder", "prefix"), [("envs/dev", "ion"), ("envs/prod", "ion"), ("foundation", "foundation")])
def test_a_state_has_a_place_of_its_own(folder: str, prefix: str) -> None:
    told = block(holding(folder, 'backend "gcs"'), 'backend "gcs"')
    assert told == f'prefix = "{prefix}"', "two configurations with one state destroy each other's things at the first apply"


@pytest.mark.parametrize("folder", ["envs/dev", "envs/prod", "foundation"])
def test_the_project_s_own_quota_is_asked(folder: str) -> None:
    told = block(holding(folder, 'provider "google"'), 'provider "google"')
    for part in ("project = var.project", "user_project_override = true", "billing_project = var.project"):
        assert part in told, "billing budgets and others refuse calls in nobody's name"
    assert 'product = "ion-mentoring"' in told


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_an_environment_is_planned_into_its_own_project(environment: str) -> None:
    text = (REPOSITORY / TERRAFORM / "envs" / environment / "terraform.tfvars").read_text(encoding="utf-8")
    assert text == f'project = "ion-mentoring-{environment}"\n', "a release of dev would replace prod"
    told = block(REPOSITORY / TERRAFORM / "envs" / environment / "main.tf", 'module "ion"')
    assert f'environment = "{environment}"' in told
