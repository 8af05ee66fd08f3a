"""Policies of the organisation that would refuse something of the set."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from infra.preflight.demand import Demand
from infra.preflight.findings import Finding
from infra.releasing.cloud import Cloud

POLICIES: Final = "orgpolicy.googleapis.com"
FORBIDDEN: Final = {  # what is enforced or not, and what it would forbid
    "run.managed.requireInvokerIam": "the router asks callers for its own credentials, and IAM for none",
    "iam.disableServiceAccountCreation": "each function has an account of its own",
    "compute.disableGlobalLoadBalancing": "one address leads to all regions",
}
REGIONS: Final = json.loads((Path(__file__).parents[1] / "terraform/places.json").read_text(encoding="utf-8"))["regions"]
Rules = list[Mapping[str, Any]]


def policies_of_the_organisation(cloud: Cloud, demand: Demand) -> Iterator[Finding]:
    """Each constraint that could refuse what the set makes; those of the kind that lists values by what they must allow."""
    for constraint, why in FORBIDDEN.items():
        if any(rule.get("enforce") for rule in _rules(cloud, constraint)):
            yield Finding(f"constraints/{constraint} is enforced, and {why}: ask for an exception for {cloud.project}")
    for constraint, wanted, allows in _lists(demand):
        rules = _rules(cloud, constraint)
        refused = [value for value in wanted if not _allowed(rules, value, allows)]
        if refused:
            yield Finding(
                f"constraints/{constraint} does not allow {', '.join(refused)}: ask for an exception for {cloud.project}"
            )


Allows = Callable[[str, str], bool]


def _lists(demand: Demand) -> Iterator[tuple[str, list[str], Allows]]:
    yield "gcp.resourceLocations", demand.regions, _in_location
    yield "run.allowedIngress", ["internal", "internal-and-cloud-load-balancing"], _same
    yield "run.allowedVPCEgress", ["private-ranges-only"], _same
    yield "compute.restrictLoadBalancerCreationForTypes", ["GLOBAL_EXTERNAL_MANAGED_HTTP_HTTPS"], _same


def _rules(cloud: Cloud, constraint: str) -> Rules:
    found = cloud.get(POLICIES, f"v2/projects/{cloud.project}/policies/{constraint}:getEffectivePolicy") or {}
    return list(found.get("spec", {}).get("rules", []))


def _allowed(rules: Rules, value: str, allows: Allows) -> bool:
    """True if no rule denies the value, and one allows it where any does."""
    plain = [rule for rule in rules if not rule.get("condition")]
    if any(rule.get("denyAll") for rule in plain):
        return False
    values = [rule.get("values", {}) for rule in plain]
    if any(allows(said, value) for one in values for said in one.get("deniedValues", ())):
        return False
    listed = [said for one in values for said in one.get("allowedValues", ())]
    return not listed or any(allows(said, value) for said in listed)


def _same(said: str, value: str) -> bool:
    return said.removeprefix("is:") == value


def _in_location(said: str, region: str) -> bool:
    """True if a place of the constraint has the region: the region itself, or a group that is named by its part of the world.
    A group whose name is none of those may have it."""
    place = said.removeprefix("is:").removeprefix("in:").removesuffix("-locations")
    parts = (place, place.removesuffix("s"), "europe" if place == "eu" else place)
    known = {part for part in parts if any(one == part or one.startswith(f"{part}-") for one in REGIONS)}
    if said.startswith("in:") and not known:
        return True
    return any(f"{region}-".startswith(f"{part}-") for part in known)
