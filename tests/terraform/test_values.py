"""Every attribute of every resource is what it has to be, and says why: tests/terraform/values."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.terraform.conftest import BUNDLES, FUNCTIONS, REPOSITORY, Plan
from tests.terraform.made import Made, Resource, resource
from tests.terraform.wanted import Names, Table, differences, read, tables, unknown

MODULES = REPOSITORY / "infra/terraform/modules"
DOMAIN = "mentoring.example.com"
HOME = "us-central1"
CIDRS = {"asia-northeast3": "10.32.0.0/20", "us-central1": "10.32.16.0/20", "europe-west1": "10.32.32.0/20"}
SET = tables("edge", "network", "function", "messages", "records", "monitoring", "rights")
FOUNDATION = tables("foundation", "rights_foundation")
COUNTED = read("foundation")["counted"]

# What other tests compare: test_armor.py, test_services.py, test_alerts.py.
ELSEWHERE = ("google_compute_security_policy", "google_monitoring_alert_policy", "google_monitoring_dashboard")
PARTS = {
    "google_logging_metric.count": ("label_extractors", "metric_descriptor.labels"),
    "google_secret_manager_secret.this": ("rotation.next_rotation_time",),
    "edge.google_compute_url_map.https": ("host_rule", "path_matcher"),
    "edge.google_compute_backend_service.router": ("backend",),
    "function.google_cloud_run_v2_service.this": ("template.containers.env",),
}


def of_the_set(made: Made) -> Names:
    """The names that tables may use, of a resource of the set."""
    number = made.data["data.google_project.this[0]"]["number"]

    def names(one: Resource) -> Mapping[str, Any]:
        region, function, each = (one.indices.get(name) for name in ("region", "function", "each"))
        region = region or HOME
        found: dict[str, Any] = {"project": "ion-mentoring-prod", "number": number, "domain": DOMAIN, "home": HOME}
        found |= {"region": region, "cidr": CIDRS[region], "psc_limit": "4"}
        found |= {"node_type": "STANDARD_SMALL", "shards": 1, "replicas": 1}
        if each:
            found |= {"each": each, "each_lower": each.lower(), "each_dashed": each.replace("_", "-")}
            found |= {"hostname": DOMAIN if each == "domain" else f"*.{DOMAIN}"}
        if each and " " in each:
            first, second = each.split()
            secrets = {variable: entry["secret"] for variable, entry in _json("secrets.json").items()}
            found |= {"first": first, "second": second, "secret_of_second": secrets.get(second)}
        if each and " A" in each and "dns" in one.key:
            host, kind = each.split()
            found |= {"record_host": host, "record_type": kind, "record_family": {"A": "IPV4", "AAAA": "IPV6"}[kind]}
        if function:
            found |= of_a_function(function, one, region)
        found |= {"proto": (MODULES / "global/cache-warming.proto").read_text(encoding="utf-8")}
        found |= {"backups_workflow": (MODULES / "monitoring/backups.workflow.yaml").read_text(encoding="utf-8")}
        return found

    return names


def of_a_function(function: str, one: Resource, region: str) -> dict[str, Any]:
    entry = FUNCTIONS[function]
    router, persona = entry["kind"] == "router", entry["kind"] == "persona"
    topic = str(entry.get("topic"))
    without = () if router else tuple(path for path in SET["function.google_cloud_run_v2_service.this"] if ".readiness" in path)
    without += tuple(path for path in SET["function.google_cloud_run_v2_service.this"] if persona and ".vpc_access" in path)
    return {
        **entry,
        "function": function,
        "function_dashed": function.replace("_", "-"),
        "name": function.replace("_", "-"),
        "bundle": BUNDLES[function],
        "digest": BUNDLES[function][-20:-4],
        "is_router": router,
        "ingress": f"INGRESS_TRAFFIC_INTERNAL_{'LOAD_BALANCER' if router else 'ONLY'}",
        "topic": f"{topic}-{region}" if entry.get("scope") == "region" else topic,
        "without": without,
    }


def test_what_the_set_is_made_of_is_what_it_has_to_be(made: Made) -> None:
    assert sorted(set(differences(SET, made, of_the_set(made)))) == []


def test_what_the_foundation_is_made_of_is_what_it_has_to_be(made_foundation: Made) -> None:
    rotations = {one["secret"]: one["rotation_days"] for one in _json("secrets.json").values()} | {"smoke-api-key": 180}
    agents = {"secrets": "secretmanager", "messages": "pubsub", "images": "artifactregistry"}
    number = made_foundation.data["data.google_project.this"]["number"]
    agent = "serviceAccount:service-{}@gcp-sa-{}.iam.gserviceaccount.com".format
    key_users = {key: agent(number, api) for key, api in agents.items()}
    storage = made_foundation.data["data.google_storage_project_service_account.this"]["email_address"]
    key_users["bundles"] = f"serviceAccount:{storage}"
    defaults = {"compute": f"{number}-compute@developer.gserviceaccount.com"}
    defaults["appengine"] = "ion-test-project@appspot.gserviceaccount.com"
    rings = {"messages": "global", "secrets": "global", "words": "global", "bundles": "us", "images": "us"}

    def names(one: Resource) -> Mapping[str, Any]:
        each = one.indices.get("each", "")
        deploys = each == "ion-deploy"
        found: dict[str, Any] = {"project": "ion-test-project", "each": each, "approved": deploys}
        found |= {"rotation_s": 86400 * rotations.get(each, 0), "number": number, "default_account": defaults.get(each)}
        found |= {"build_file": "infra/cloudbuild.deploy.yaml" if deploys else "cloudbuild.yaml"}
        if one.key == "google_logging_metric.count":
            counted, *_ = COUNTED[each]
            found |= {"counted": counted}
        found |= {"night_file": f"infra/cloudbuild.{each.removeprefix('ion-')}.yaml"}
        if "trigger" in one.key:
            account = made_foundation.one(f"google_service_account.{'deploy' if deploys else 'planner'}")
            found |= {"build_account": account.values["id"]}
        if one.key == "google_kms_crypto_key_iam_member.user":
            found |= {"key_user": key_users[each]}
        if one.key == "google_kms_crypto_key.ion":
            found |= {"key_ring": made_foundation.one("google_kms_key_ring.ion", each=rings[each]).values["id"]}
        return found

    assert sorted(set(differences(FOUNDATION, made_foundation, names))) == []


@pytest.mark.parametrize("name", COUNTED)
def test_a_count_is_by_the_fields_that_its_alerts_tell_apart(made_foundation: Made, name: str) -> None:
    one = made_foundation.one("google_logging_metric.count", each=name).values
    _, labels, why = COUNTED[name]
    assert one["label_extractors"] == {label: f"EXTRACT(jsonPayload.{label})" for label in labels}, why
    (described,) = one["metric_descriptor"]
    assert [(label["key"], label["value_type"]) for label in described["labels"]] == [(label, "STRING") for label in labels]


def test_a_secret_is_to_be_changed_when_its_time_is_over_and_not_before(made_foundation: Made) -> None:
    """A time that has passed is refused, whenever the foundation is made."""
    for one in made_foundation.of("google_secret_manager_secret.this"):
        (rotation,) = one.values["rotation"]
        wait = datetime.fromisoformat(rotation["next_rotation_time"]) - datetime.now(UTC)
        days = int(rotation["rotation_period"].removesuffix("s")) / 86400
        assert days - 1 < wait.total_seconds() / 86400 <= days, one.address


@pytest.mark.parametrize(("fixture", "table"), [("planned", SET), ("foundation", FOUNDATION)])
def test_no_attribute_is_set_without_a_reason(request: pytest.FixtureRequest, fixture: str, table: Mapping[str, Table]) -> None:
    plan: Plan = request.getfixturevalue(fixture)
    resources = [resource(address, values) for address, values in plan.planned.items()]
    assert sorted(set(unknown(resources, table, PARTS))) == []


def test_no_resource_is_without_a_table(made: Made, made_foundation: Made) -> None:
    keys = {one.key for one in (*made.resources, *made_foundation.resources)} - {"terraform_data.rules"}
    assert [key for key in sorted(keys - set(SET) - set(FOUNDATION)) if not any(part in key for part in ELSEWHERE)] == []


def test_a_release_is_told_where_the_set_is(planned: Plan) -> None:
    outputs = {name: output.get("value") for name, output in planned.told["planned_values"]["outputs"].items()}
    names = {region: f"https://{region}.{DOMAIN}" for region in CIDRS}
    wanted = {"address": f"https://{DOMAIN}", "home": HOME, "regions": names}
    assert {name: outputs.get(name) for name in wanted} == wanted, "smoke tests and the canary ask what is told here"
    assert "name_servers" in outputs, "the parent zone delegates to them"


def _json(name: str) -> Any:
    return json.loads(Path(REPOSITORY / "infra/terraform" / name).read_text(encoding="utf-8"))
