"""What prod leaves out and others may set: channels, a budget, countries, drained regions, another model."""

import json
import shutil
from typing import Any

import pytest

from infra.releasing.stack import TERRAFORM
from tests.terraform.conftest import BUNDLES, FUNCTIONS, REPOSITORY, Initialised
from tests.terraform.made import Made, make

SERVICE = "function.google_cloud_run_v2_service.this"
NEW = {name: file.replace("1.zip", "2.zip") for name, file in BUNDLES.items()}
FULL = f"""
  project     = "ion-test-project"
  environment = "staging"
  domain      = "mentoring.example.com"
  home        = "us-central1"
  drained     = ["asia-northeast3", "europe-west1"]
  model = {{
    name         = "openai:llama3.2"
    url          = "https://models.example.com/v1"
    fallback     = "gemini:x"
    location     = "eu"
    variants     = {{ fast = "openai:llama3.2:1b", wise = "openai:llama3.3" }}
    variants_url = "https://others.example.com/v1"
  }}
  settings    = {{ JWT_ISSUER = "i", JWT_AUDIENCE = "a" }}
  secrets     = ["CACHE_KEY_SECRET", "JWT_KEY", "MODEL_API_KEY", "MODEL_VARIANTS_API_KEY"]
  data        = {{ database = "other", location = "eur3", point_in_time_recovery = false, protected = false }}
  edge = {{
    requests_per_minute = 60
    refused_countries   = ["KP", "IR", "SY", "CU", "RU", "BY"]
    waf_reports_only    = true
    log_share           = 0.5
  }}
  budget      = {{ billing_account = "0A-0B-0C", usd_a_month = 500 }}
  alerts      = {{ emails = ["a@example.com"], slack = "projects/p/notificationChannels/2" }}
  regions = {{
    asia-northeast3 = {{ cidr = "10.0.0.0/20" }}
    us-central1     = {{ cidr = "10.0.16.0/20" }}
    europe-west1    = {{ cidr = "10.0.32.0/20", cache = {{ shards = 3, replicas = 2, node_type = "HIGHMEM_MEDIUM" }} }}
  }}
  release = {{
    regions  = ["us-central1"]
    bundles  = {json.dumps(NEW).replace(":", " =")}
    previous = {json.dumps(BUNDLES).replace(":", " =")}
  }}
"""


@pytest.fixture(scope="module")
def full(initialised: Initialised, terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Made:
    root = shutil.copytree(initialised(""), tmp_path_factory.mktemp("full") / "repository")
    return make(terraform, root / TERRAFORM, FULL)


def values(made: Made, key: str, **indices: str) -> Any:
    return made.one(key, **indices).values


def environment(made: Made, function: str, region: str = "us-central1") -> dict[str, Any]:
    (container,) = values(made, SERVICE, region=region, function=function)["template"][0]["containers"]
    return {one["name"]: one.get("value") or one["value_source"] for one in container["env"]}


def test_a_drained_region_gets_no_client_and_answers_under_its_own_name(full: Made) -> None:
    router = values(full, "edge.google_compute_backend_service.router")
    left = values(full, "region.google_compute_region_network_endpoint_group.router", region="us-central1")["id"]
    assert [backend["group"] for backend in router["backend"]] == [left]
    assert router["outlier_detection"] == [], "the only region that is left must not be ejected"
    hosts = [rule["hosts"] for rule in values(full, "edge.google_compute_url_map.https")["host_rule"]]
    assert len(hosts) == 3


def test_countries_are_refused_five_to_a_rule(full: Made) -> None:
    rules = values(full, "edge.google_compute_security_policy.this")["rule"]
    found = {rule["priority"]: rule for rule in rules if rule["priority"] < 900}
    expressions = {priority: rule["match"][0]["expr"][0]["expression"] for priority, rule in found.items()}
    five = " || ".join(f"origin.region_code == '{country}'" for country in ("KP", "IR", "SY", "CU", "RU"))
    assert expressions == {100: five, 101: "origin.region_code == 'BY'"}, "an expression has five parts at most"
    assert {rule["action"] for rule in found.values()} == {"deny(403)"}


def test_what_the_edge_is_told_is_what_it_does(full: Made) -> None:
    rules = values(full, "edge.google_compute_security_policy.this")["rule"]
    previews = [rule["preview"] for rule in rules if rule["preconfigured_waf_config"]]
    assert previews == [True] * 8, "reports only"
    (limit,) = [rule["rate_limit_options"][0]["rate_limit_threshold"][0] for rule in rules if rule["priority"] == 2000]
    assert limit["count"] == 60
    logs = [one.values["log_config"][0]["sample_rate"] for one in full.resources if "backend_service" in one.key]
    assert logs == [0.5] * 4


def test_another_model_is_asked_where_it_is(full: Made) -> None:
    found = environment(full, "lua")
    asked = {name: found[name] for name in ("MODEL", "FALLBACK_MODEL", "MODEL_LOCATION", "MODEL_URL")}
    assert asked == {
        "MODEL": "openai:llama3.2",
        "FALLBACK_MODEL": "gemini:x",
        "MODEL_LOCATION": "eu",
        "MODEL_URL": "https://models.example.com/v1",
    }
    assert "MODEL_API_KEY" in found, "personas alone have the key of the model"
    variants = {"MODEL_VARIANTS": "fast=openai:llama3.2:1b wise=openai:llama3.3"}
    variants["MODEL_VARIANTS_URL"] = "https://others.example.com/v1"
    for function in ("lua", "nana", "router", "warming", "batch"):
        assert variants.items() <= environment(full, function).items(), "who leads people to arms knows what there is"
        assert ("MODEL_VARIANTS_API_KEY" in environment(full, function)) == (function in ("lua", "nana"))
    assert not {"MODEL_API_KEY", "API_KEYS"} & set(environment(full, "router"))
    assert {"JWT_KEY", "JWT_ISSUER", "JWT_AUDIENCE"} <= set(environment(full, "router"))
    gemini = {one.indices["each"] for one in full.of("global.google_project_iam_member.gemini")}
    assert gemini == {name for name, entry in FUNCTIONS.items() if entry["kind"] == "persona"}, "the fallback asks Gemini"


def test_what_the_database_is_told_is_what_it_is(full: Made) -> None:
    database = values(full, "global.google_firestore_database.this")
    assert (database["name"], database["location_id"]) == ("other", "eur3")
    assert database["point_in_time_recovery_enablement"] == "POINT_IN_TIME_RECOVERY_DISABLED"
    assert (database["delete_protection_state"], database["deletion_policy"]) == ("DELETE_PROTECTION_DISABLED", "DELETE")
    assert environment(full, "router")["STORE"] == "firestore://ion-test-project/other"
    assert not [one for one in full.resources if "backup" in one.key and "iam" not in one.key], (
        "nobody looks for what is not made"
    )


def test_a_cache_has_the_size_that_its_region_says(full: Made) -> None:
    cache = values(full, "region.google_memorystore_instance.cache", region="europe-west1")
    assert (cache["shard_count"], cache["replica_count"], cache["node_type"]) == (3, 2, "HIGHMEM_MEDIUM")
    assert cache["deletion_protection_enabled"] is False, "in prod alone"
    policy = values(full, "region.google_network_connectivity_service_connection_policy.cache", region="europe-west1")
    assert policy["psc_config"][0]["limit"] == "8", "two endpoints a shard, and room to replace the cache"


def test_a_canary_s_region_runs_the_new_bundles_and_the_others_those_of_before(full: Made) -> None:
    for one in full.of(SERVICE):
        files = NEW if one.indices["region"] == "us-central1" else BUNDLES
        source = one.values["build_config"][0]["source_location"]
        assert source == f"gs://ion-test-project-bundles/{files[one.indices['function']]}"


def test_every_way_to_tell_is_used_for_what_it_is_for(full: Made) -> None:
    (email,) = full.of("monitoring.google_monitoring_notification_channel.email")
    for one in full.resources:
        if "alert_policy" in one.key:
            slack = set() if one.values["severity"] == "CRITICAL" else {"projects/p/notificationChannels/2"}
            assert set(one.values["notification_channels"]) == {email.values["id"]} | slack, one.address


def test_no_token_of_a_channel_is_read_or_kept() -> None:
    """A state is read by whoever plans."""
    text = "".join(path.read_text(encoding="utf-8") for path in (REPOSITORY / TERRAFORM).rglob("*.tf"))
    assert "sensitive_labels" not in text
    assert "secret_data" not in text.replace("fetch_secret_data = false", "")


def test_a_budget_is_told_before_it_is_used_up(full: Made) -> None:
    budget = values(full, "monitoring.google_billing_budget.this")
    number = full.data["data.google_project.this[0]"]["number"]
    assert budget["billing_account"] == "0A-0B-0C"
    assert budget["budget_filter"][0]["projects"] == [f"projects/{number}"], "of this project, and not of the whole account"
    (amount,) = budget["amount"][0]["specified_amount"]
    assert (amount["currency_code"], amount["units"]) == ("USD", "500")
    told = [(rule["threshold_percent"], rule["spend_basis"]) for rule in budget["threshold_rules"]]
    assert [share for share, _ in told] == [0.5, 0.9, 1, 1.2], "shares of one: 50 would be fifty times the budget"
    assert told[-1][1] == "FORECASTED_SPEND"
    emails = [one.values["id"] for one in full.of("monitoring.google_monitoring_notification_channel.email")]
    assert budget["all_updates_rule"][0]["monitoring_notification_channels"] == emails
    assert budget["all_updates_rule"][0]["enable_project_level_recipients"] is True
