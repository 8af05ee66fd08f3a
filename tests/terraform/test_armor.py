"""Cloud Armor: who is let in, how often, what is an attack, and that a question about an attack is none."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.terraform.made import Made

DEFAULT = 2147483647
WAF = {
    "sqli": 1000,
    "xss": 1010,
    "lfi": 1020,
    "rfi": 1030,
    "rce": 1040,
    "scannerdetection": 1050,
    "protocolattack": 1060,
    "sessionfixation": 1070,
}
WORDS = ["user_input", "content", "scenario", "text", "message"]


@pytest.fixture(scope="module")
def policy(made: Made) -> Mapping[str, Any]:
    return made.one("edge.google_compute_security_policy.this").values


def rules(policy: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
    return {rule["priority"]: rule for rule in policy["rule"]}


def test_every_rule_is_known(policy: Mapping[str, Any]) -> None:
    wanted = {900, 2000, DEFAULT, *WAF.values()}
    assert set(rules(policy)) == wanted, "each rule has its place: an attack is refused before requests are counted"


def test_whoever_breaks_no_rule_is_let_in(policy: Mapping[str, Any]) -> None:
    last = rules(policy)[DEFAULT]
    assert last["action"] == "allow", "with a default that denies, nobody reaches anything"
    assert last["match"][0]["versioned_expr"] == "SRC_IPS_V1"
    assert last["match"][0]["config"][0]["src_ip_ranges"] == ["*"], "the default is for everybody"


@pytest.mark.parametrize("name", WAF)
def test_an_attack_is_refused_and_what_people_wrote_is_none(policy: Mapping[str, Any], name: str) -> None:
    rule = rules(policy)[WAF[name]]
    assert rule["action"] == "deny(403)", "an attack is refused"
    assert rule["preview"] is False, "a rule that only reports stops nobody"
    expression = rule["match"][0]["expr"][0]["expression"]
    wanted = f"evaluatePreconfiguredWaf('{name}-v33-stable', {{'sensitivity': 1}})"
    assert expression == wanted, "above sensitivity 1 prose is taken for an attack; an unknown set is refused by the API"
    (exclusion,) = rule["preconfigured_waf_config"][0]["exclusion"]
    assert exclusion["target_rule_set"] == f"{name}-v33-stable", "an exclusion is for the set that it stands in"
    fields = [(one["operator"], one["value"]) for one in exclusion["request_query_param"]]
    assert fields == [("CONTAINS", word) for word in WORDS], "a question about SQL is a question: it would be a 403"


def test_the_rule_against_log4shell_is_on(policy: Mapping[str, Any]) -> None:
    rule = rules(policy)[900]
    assert rule["action"] == "deny(403)"
    assert not rule["preview"]
    assert rule["match"][0]["expr"][0]["expression"] == "evaluatePreconfiguredWaf('cve-canary')"


def test_a_flood_from_one_address_is_throttled_and_everybody_else_is_not(policy: Mapping[str, Any]) -> None:
    rule = rules(policy)[2000]
    (limit,) = rule["rate_limit_options"]
    assert rule["action"] == "throttle", "rate_based_ban shuts a whole office out for minutes"
    assert not rule["preview"]
    assert rule["match"][0]["config"][0]["src_ip_ranges"] == ["*"]
    assert (limit["conform_action"], limit["exceed_action"]) == ("allow", "deny(429)"), "429 tells a client to wait"
    assert limit["enforce_on_key"] == "IP", "with ALL, one address's flood shuts everybody out"
    (threshold,) = limit["rate_limit_threshold"]
    assert (threshold["count"], threshold["interval_sec"]) == (600, 60), "far above RATE_LIMIT_PER_MINUTE, and no flood"


def test_bodies_are_looked_into_and_not_logged(policy: Mapping[str, Any]) -> None:
    (options,) = policy["advanced_options_config"]
    assert options["json_parsing"] == "STANDARD", "without it the exclusions do not see fields of JSON"
    assert options["log_level"] == "NORMAL", "VERBOSE writes what matched, people's words, into the log"
    assert policy["adaptive_protection_config"][0]["layer_7_ddos_defense_config"][0]["enable"] is True
    assert policy["type"] == "CLOUD_ARMOR"
    assert policy["name"] == "ion"
    assert policy["project"] == "ion-mentoring-prod"


def test_a_region_s_name_leads_to_that_region(made: Made) -> None:
    values = made.one("edge.google_compute_url_map.https").values
    hosts = {rule["path_matcher"]: rule["hosts"] for rule in values["host_rule"]}
    leads = {one["name"]: one["default_service"] for one in values["path_matcher"]}
    routers = {one.indices["region"]: one.values["id"] for one in made.of("region.google_compute_backend_service.router")}
    assert hosts == {region: [f"{region}.mentoring.example.com"] for region in routers}
    assert leads == routers, "a smoke test of one region would ask another one"


def test_the_one_address_leads_to_every_region(made: Made) -> None:
    groups = {one["group"] for one in made.one("edge.google_compute_backend_service.router").values["backend"]}
    wanted = {one.values["id"] for one in made.of("region.google_compute_region_network_endpoint_group.router")}
    assert groups == wanted, "a region that is not there gets no client, one that is there twice gets too many"
