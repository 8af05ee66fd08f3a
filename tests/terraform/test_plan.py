"""What a plan holds: the counts, what moves with a change, and the rules of the platform that no type can say."""

import json
import os
import re
import shlex
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from infra.user_error import UserError
from tests.terraform.conftest import BUNDLES, FUNCTIONS, REGIONS, REPOSITORY, Plan, Set

SERVICE = "google_cloud_run_v2_service"
KINDS = {f"ion-{name.replace('_', '-')}": entry["kind"] for name, entry in FUNCTIONS.items()}


def region_of(address: str) -> str | None:
    found = re.search(r'module\.region\["([^"]+)"\]', address)
    return found[1] if found else None


def container(service: dict[str, Any]) -> dict[str, Any]:
    (template,) = service["template"]
    (one,) = template["containers"]
    return one


def test_three_regions_have_what_they_need(planned: Plan) -> None:
    functions, regions = len(FUNCTIONS), len(REGIONS)
    counts = planned.counts
    assert counts[SERVICE] == functions * regions
    assert counts["google_memorystore_instance"] == regions
    assert counts["google_compute_region_network_endpoint_group"] == regions
    assert counts["google_service_account"] == functions + 2
    assert counts["google_firestore_database"] == 1
    assert counts["google_compute_global_forwarding_rule"] == 4  # two addresses, two ports
    assert counts["google_pubsub_subscription"] == 2 * (
        1 + regions
    )  # batch once, warming in each region; each with its dead letters
    assert {region_of(address) for address in planned.of(SERVICE)} == set(REGIONS)


def test_another_region_adds_only_that_region(running: Set) -> None:
    running.edit("    us-central1     =", '    asia-southeast1 = { cidr = "10.32.48.0/20" }\n    us-central1     =')
    more = running.plan()
    assert not more.changed("delete")
    assert not more.changed("delete", "create")
    added = more.changed("create")
    assert len([address for address in added if ".google_cloud_run_v2_service.this" in address]) == len(FUNCTIONS)
    assert {region_of(address) for address in added} == {"asia-southeast1", None}
    assert all("asia-southeast1" in address for address in added)
    # Only what leads to the regions, and what watches them, knows of one more.
    assert {address.split(".")[1] for address in more.changed("update")} <= {"edge", "monitoring"}


def test_a_region_that_leaves_takes_only_its_own(running: Set) -> None:
    text = (running.folder / "main.tf").read_text()
    (line,) = [line for line in text.splitlines() if line.startswith("    europe-west1")]
    running.edit(f"{line}\n", "")
    less = running.plan()
    assert less.changed("delete")
    assert all("europe-west1" in address for address in less.changed("delete"))
    assert not less.changed("create")
    assert not less.changed("delete", "create")


def test_a_function_that_leaves_the_map_takes_only_its_own(running: Set) -> None:
    running.functions({name: entry for name, entry in FUNCTIONS.items() if name != "nana"})
    less = running.plan()
    gone = less.changed("delete")
    assert len([address for address in gone if ".google_cloud_run_v2_service.this" in address]) == len(REGIONS)
    assert all("nana" in address for address in gone)
    assert not less.changed("create")
    assert not less.changed("delete", "create")


def test_a_new_bundle_redeploys_its_function_and_nothing_else(running: Set) -> None:
    running.release["bundles"] = {**BUNDLES, "lua": f"lua-{'0' * 15}2.zip"}
    moved = running.plan()
    assert not moved.changed("create") | moved.changed("delete") | moved.changed("delete", "create")
    assert moved.changed("update") == {
        f'module.region["{region}"].module.persona["lua"].google_cloud_run_v2_service.this' for region in REGIONS
    }


def test_a_canary_touches_one_region(running: Set) -> None:
    new = {name: file.replace("1.zip", "2.zip") for name, file in BUNDLES.items()}
    running.release = {"bundles": new, "previous": BUNDLES, "regions": ["us-central1"]}
    moved = running.plan()
    assert {region_of(address) for address in moved.changed("update")} == {"us-central1"}
    assert len(moved.changed("update")) == len(FUNCTIONS)


def test_a_plan_of_the_same_changes_nothing(running: Set) -> None:
    again = running.plan()
    assert not again.changed("create") | again.changed("update") | again.changed("delete") | again.changed("delete", "create")


NOBODY_S = {name: {k: v for k, v in entry.items() if (name, k) != ("batch", "topic")} for name, entry in FUNCTIONS.items()}


@pytest.fixture
def refused(prod: Set, capfd: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What Terraform says while nothing is planned."""

    def said() -> str:
        with pytest.raises(UserError, match="terraform plan failed"):
            prod.plan()
        return " ".join(re.sub("│|\\x1b\\[[0-9;]*m", " ", capfd.readouterr().err).split())

    return said


def test_what_is_refused_says_why(prod: Set, refused: Callable[[], str]) -> None:
    """All of it at once, and nothing else: prod as it stands is planned."""
    prod.edit("  data     = { backups = {} }", "  data     = {}")
    prod.edit("    us-central1     =", "    us-central-1    =")
    prod.edit('settings = { V1_OPEN = "true" }', 'settings = { JWT_KEY = "x" }\n  secrets  = ["CACHE_KEY_SECRET", "JWT_KEY"]')
    prod.functions({**NOBODY_S, "sena": FUNCTIONS["lua"]})
    prod.release["bundles"] = {}
    told = refused()
    reasons = [
        "prod does not run without backups",
        "No region of infra/terraform/places.json: us-central-1. It knows",
        "settings has a secret in it: JWT_KEY. Its value",
        "settings lacks JWT_ISSUER or JWT_AUDIENCE",
        "a worker without a topic: batch. Nobody",
        "a persona without a card: sena. make persona",
        "No bundle for: batch, elro, lua, nana, riri, router, sena, warming. make bundle makes them",
        "home is none of the set's regions",
    ]
    assert [reason for reason in reasons if reason not in told] == []
    assert told.count("Error: ") == len(reasons)


def test_a_set_that_nobody_could_enter_is_refused(prod: Set, refused: Callable[[], str]) -> None:
    prod.edit('settings = { V1_OPEN = "true" }', 'secrets = ["CACHE_KEY_SECRET"]')
    told = refused()
    assert "secrets has to have API_KEYS or JWT_KEY" in told
    assert told.count("Error: ") == 1


def test_only_the_router_is_reached_from_outside(planned: Plan) -> None:
    for service in planned.of(SERVICE).values():
        outside = KINDS[service["name"]] == "router"
        assert service["invoker_iam_disabled"] is outside
        assert service["ingress"] == (f"INGRESS_TRAFFIC_INTERNAL_{'LOAD_BALANCER' if outside else 'ONLY'}")


def test_nobody_may_call_whom_nobody_should(planned: Plan) -> None:
    """Personas by whoever asks them, workers by Pub/Sub, the router by no grant; never everybody."""
    callers: dict[str, set[str]] = {}
    for grant in planned.of("google_cloud_run_v2_service_iam_member").values():
        assert grant["role"] == "roles/run.invoker"
        callers.setdefault(grant["name"], set()).add(grant["member"].split(":")[1].split("@")[0])
    asking = {service for service, kind in KINDS.items() if kind != "persona"}
    workers = {service: {"ion-pusher"} for service, kind in KINDS.items() if kind == "worker"}
    assert callers == {**{service: asking for service, kind in KINDS.items() if kind == "persona"}, **workers}
    assert "allUsers" not in json.dumps(planned.told["resource_changes"])


def test_a_region_is_left_by_its_routers_readiness(planned: Plan) -> None:
    for service in planned.of(SERVICE).values():
        router = KINDS[service["name"]] == "router"
        assert bool(container(service)["readiness_probe"]) is router
        if router:
            assert service["template"][0]["scaling"][0]["min_instance_count"] >= 1
    for group in planned.of("google_compute_region_network_endpoint_group").values():
        (run,) = group["cloud_run"]
        assert not run["url_mask"]
        assert not run["tag"]
    for backend in planned.of("google_compute_backend_service").values():
        assert backend["load_balancing_scheme"] == "EXTERNAL_MANAGED"
        assert not backend["iap"]
        assert not backend["health_checks"]
        assert backend["log_config"][0]["enable"]
    assert planned.planned["module.edge.google_compute_backend_service.router"]["outlier_detection"]


def test_caches_are_closed(planned: Plan) -> None:
    for cache in planned.of("google_memorystore_instance").values():
        assert cache["transit_encryption_mode"] == "SERVER_AUTHENTICATION"
        assert cache["authorization_mode"] == "IAM_AUTH"
        assert cache["replica_count"] >= 1
        assert cache["deletion_protection_enabled"]
        assert cache["maintenance_policy"]
        assert cache["engine_configs"] == {"maxmemory-policy": "allkeys-lru"}


def test_messages_have_time_dead_letters_and_an_identity(planned: Plan) -> None:
    subscriptions = planned.of("google_pubsub_subscription")
    pushing = {address: one for address, one in subscriptions.items() if one["push_config"]}
    longest = max(entry["timeout_s"] for entry in FUNCTIONS.values())
    assert pushing
    for one in pushing.values():
        assert longest < one["ack_deadline_seconds"] <= 600
        assert one["push_config"][0]["oidc_token"][0]["service_account_email"].startswith("ion-pusher@")
        assert 5 <= one["dead_letter_policy"][0]["max_delivery_attempts"] <= 100
        assert one["retry_policy"]
    for one in subscriptions.values():
        assert one["expiration_policy"] == [{"ttl": ""}]  # none goes because nobody came for a month
    agents = [grant for grant in planned.planned.values() if "gcp-sa-pubsub" in str(grant.get("member"))]
    assert len([grant for grant in agents if grant["role"] == "roles/pubsub.publisher"]) == len(pushing)
    assert len([grant for grant in agents if grant["role"] == "roles/pubsub.subscriber"]) == len(pushing)


def test_the_database_can_be_had_back(planned: Plan) -> None:
    (database,) = planned.of("google_firestore_database").values()
    assert database["point_in_time_recovery_enablement"] == "POINT_IN_TIME_RECOVERY_ENABLED"
    assert database["delete_protection_state"] == "DELETE_PROTECTION_ENABLED"
    assert {one["retention"] for one in planned.of("google_firestore_backup_schedule").values()} == {"604800s", "8467200s"}


def test_no_address_but_the_load_balancer_s_is_public(planned: Plan) -> None:
    assert not planned.counts["google_compute_address"]
    assert not planned.counts["google_compute_router_nat"]
    assert set(planned.of("google_compute_global_address")) == {
        'module.edge.google_compute_global_address.this["IPV4"]',
        'module.edge.google_compute_global_address.this["IPV6"]',
    }


def test_every_alert_says_whom_it_tells_and_what_to_do(planned: Plan) -> None:
    policies = planned.of("google_monitoring_alert_policy")
    assert len(policies) >= 14
    for policy in policies.values():
        page = policy["documentation"][0]["content"]
        assert (REPOSITORY / page).is_file(), page
        assert policy["severity"] in ("CRITICAL", "ERROR", "WARNING")


def test_the_dashboard_shows_what_alerts_are_about(planned: Plan) -> None:
    (dashboard,) = planned.of("google_monitoring_dashboard").values()
    if dashboard.get("dashboard_json"):
        tiles = json.loads(dashboard["dashboard_json"])["mosaicLayout"]["tiles"]
        assert len({(tile["xPos"], tile["yPos"]) for tile in tiles}) == len(tiles) == 12
        assert all(tile["xPos"] + tile["width"] <= 48 for tile in tiles)


def test_no_secret_s_value_is_asked_for_but_those_of_the_alerts(planned: Plan) -> None:
    reads = [
        one
        for one in planned.told.get("prior_state", {}).get("values", {}).get("root_module", {}).get("child_modules", [])
        for one in one.get("resources", [])
        if one["type"] == "google_secret_manager_secret_version"
    ]
    assert reads
    assert all(one["values"]["fetch_secret_data"] is False for one in reads)


def test_whoever_has_no_cache_waits_for_no_network(planned: Plan) -> None:
    for service in planned.of(SERVICE).values():
        (template,) = service["template"]
        assert bool(template["vpc_access"]) is (KINDS[service["name"]] != "persona")
        for access in template["vpc_access"]:
            assert access["egress"] == "PRIVATE_RANGES_ONLY"


@pytest.mark.slow
def test_the_command_of_the_readme_plans(planning: str) -> None:
    """As it is typed: bundles are made, everything is planned, and a summary by place comes last."""
    command = "make plan env=dev offline=1"
    assert command in (REPOSITORY / "README.md").read_text(encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(
        shlex.split(command),
        cwd=REPOSITORY,
        env={**environ, "TERRAFORM": planning},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    summary = done.stdout.rpartition("where")[2]
    assert all(f'region["{region}"]' in summary for region in REGIONS)
    assert "edge" in summary
    assert "destroy" in summary.splitlines()[0]
