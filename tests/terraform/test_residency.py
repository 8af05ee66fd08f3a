"""Where people's words lie in a set that must not let them out of a jurisdiction."""

import json
import shutil
from typing import Any

import pytest

from infra.releasing.stack import TERRAFORM
from tests.terraform.conftest import BUNDLES, REPOSITORY, Initialised, Plan
from tests.terraform.made import plan

PLACES = json.loads((REPOSITORY / TERRAFORM / "places.json").read_text(encoding="utf-8"))
EUROPE = f"""
  project     = "ion-test-project"
  environment = "staging"
  domain      = "mentoring.example.com"
  residency   = "eu"
  home        = "europe-west1"
  data        = {{ location = "eur3", backups = {{}} }}
  model       = {{ name = "gemini:gemini-2.5-flash-lite", location = "eu" }}
  regions     = {{ europe-west1 = {{ cidr = "10.0.0.0/20" }}, europe-west4 = {{ cidr = "10.0.16.0/20" }} }}
  release     = {{ bundles = {json.dumps(BUNDLES).replace(":", " =")} }}
"""


@pytest.fixture(scope="module")
def europe(initialised: Initialised, terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    root = shutil.copytree(initialised(""), tmp_path_factory.mktemp("europe") / "repository")
    return Plan(plan(terraform, root / TERRAFORM, EUROPE))


def test_no_message_lies_elsewhere_not_even_a_dead_one(europe: Plan) -> None:
    topics = europe.of("google_pubsub_topic")
    assert {one["name"].removesuffix("-europe-west1").removesuffix("-europe-west4") for one in topics.values()} >= {
        "mentoring-batch",
        "mentoring-batch-dead",
        "cache-warming",
    }
    for address, topic in topics.items():
        (policy,) = topic["message_storage_policy"]
        assert sorted(policy["allowed_persistence_regions"]) == ["europe-west1", "europe-west4"], address
        assert policy["enforce_in_transit"] is True, f"{address}: a publisher elsewhere would have it pass through there"


def test_what_is_kept_is_in_the_jurisdiction(europe: Plan) -> None:
    (database,) = europe.of("google_firestore_database").values()
    assert database["location_id"] in PLACES["jurisdictions"]["eu"]["databases"]
    for cache in europe.of("google_memorystore_instance").values():
        assert cache["location"] in PLACES["jurisdictions"]["eu"]["regions"]


def test_no_function_asks_a_model_elsewhere(europe: Plan) -> None:
    services = europe.of("google_cloud_run_v2_service")
    assert services
    for address, service in services.items():
        environment: dict[str, Any] = {one["name"]: one.get("value") for one in service["template"][0]["containers"][0]["env"]}
        assert environment["MODEL_LOCATION"] == "eu", address


def test_a_set_without_a_residency_says_nothing_about_messages(planned: Plan) -> None:
    assert not [address for address, one in planned.of("google_pubsub_topic").items() if one["message_storage_policy"]]


def test_a_jurisdiction_has_places_that_there_are() -> None:
    for name, one in PLACES["jurisdictions"].items():
        assert set(one["regions"]) <= set(PLACES["regions"]), name
        assert set(one["databases"]) <= set(PLACES["databases"]), name
        assert "global" not in one["models"]
    london, zurich = "europe-west2", "europe-west6"
    assert not {london, zurich} & set(PLACES["jurisdictions"]["eu"]["regions"]), "neither is in the Union"
