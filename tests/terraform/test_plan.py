"""What a plan holds: the counts, and the rules of the platform that no type can say."""

import json
import re
from typing import Any

from tests.terraform.conftest import FUNCTIONS, REGIONS, REPOSITORY, Plan
from tests.terraform.made import Made

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
    # batch once, warming in each region; each with its dead letters, and those of batch with whoever buries them
    assert counts["google_pubsub_subscription"] == 2 * (1 + regions) + 1
    assert {region_of(address) for address in planned.of(SERVICE)} == set(REGIONS)


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


def patience(subscription: dict[str, Any]) -> float:
    """The seconds until a message that is always refused at once is a dead letter: each pause is twice the one before."""
    (retry,), (dead,) = subscription["retry_policy"], subscription["dead_letter_policy"]
    first, longest = (float(retry[f"{which}_backoff"].removesuffix("s")) for which in ("minimum", "maximum"))
    assert 5 <= dead["max_delivery_attempts"] <= 100, "Pub/Sub takes no other number"
    return sum(min(first * 2**attempt, longest) for attempt in range(dead["max_delivery_attempts"] - 1))


def test_messages_have_time_dead_letters_and_an_identity(planned: Plan) -> None:
    subscriptions = planned.of("google_pubsub_subscription")
    pushing = {address: one for address, one in subscriptions.items() if one["push_config"]}
    longest = max(entry["timeout_s"] for entry in FUNCTIONS.values())
    assert pushing
    for one in pushing.values():
        assert longest < one["ack_deadline_seconds"] <= 600
        assert one["push_config"][0]["oidc_token"][0]["service_account_email"].startswith("ion-pusher@")
        if not one["dead_letter_policy"]:
            continue  # whoever buries dead letters has nowhere to put what it cannot
        assert patience(one) > 8 * 3600, "what is away for a night must not make dead letters: the alert rings after an hour"
    for one in subscriptions.values():
        assert one["expiration_policy"] == [{"ttl": ""}]  # none goes because nobody came for a month
    agents = [grant for grant in planned.planned.values() if "gcp-sa-pubsub" in str(grant.get("member"))]
    forwarding = [one for one in pushing.values() if one["dead_letter_policy"]]
    assert len([grant for grant in agents if grant["role"] == "roles/pubsub.publisher"]) == len(forwarding)
    assert len([grant for grant in agents if grant["role"] == "roles/pubsub.subscriber"]) == len(forwarding)


def test_the_database_can_be_had_back(planned: Plan) -> None:
    (database,) = planned.of("google_firestore_database").values()
    assert database["point_in_time_recovery_enablement"] == "POINT_IN_TIME_RECOVERY_ENABLED"
    assert database["delete_protection_state"] == "DELETE_PROTECTION_ENABLED"
    assert {one["retention"] for one in planned.of("google_firestore_backup_schedule").values()} == {"604800s", "2419200s"}


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
        assert len({(tile["xPos"], tile["yPos"]) for tile in tiles}) == len(tiles) == 18
        assert all(tile["xPos"] + tile["width"] <= 48 for tile in tiles)


def test_a_plan_without_a_cloud_asks_nobody(planned: Plan) -> None:
    """What is looked up otherwise is assumed: a provider that has no cloud fails at the first look."""
    looked = [one["address"] for one in planned.told["resource_changes"] if one["mode"] == "data"]
    assert looked == []
    assert "data." not in json.dumps(planned.told.get("prior_state", {}))


def test_no_secret_s_value_is_asked_for(made: Made) -> None:
    reads = [values for address, values in made.data.items() if "google_secret_manager_secret_version" in address]
    assert reads
    assert all(one["fetch_secret_data"] is False for one in reads)


def test_whoever_has_no_cache_waits_for_no_network(planned: Plan) -> None:
    for service in planned.of(SERVICE).values():
        (template,) = service["template"]
        assert bool(template["vpc_access"]) is (KINDS[service["name"]] != "persona")
        for access in template["vpc_access"]:
            assert access["egress"] == "PRIVATE_RANGES_ONLY"
