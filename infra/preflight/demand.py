"""The demand of a set on its project, read from its plan."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

UNITS: Final = {"": 1, "Mi": 1024**2, "Gi": 1024**3, "M": 10**6, "G": 10**9}


@dataclass(frozen=True, slots=True)
class Size:
    """The most that a service may take in a region: thousandths of a processor, and bytes."""

    service: str
    mcpu: int
    memory: int


@dataclass(frozen=True, slots=True)
class Demand:
    """The things that a set takes for granted: the sizes of its services by region, where it builds, the channels and secrets
    that a person made, the billing account of its budget, and whether its images have to be signed."""

    environment: str
    domain: str
    home: str
    services: Mapping[str, Sequence[Size]]
    channels: Mapping[str, str]  # by kind, PagerDuty or Slack
    emails: Sequence[str]
    secrets: Sequence[str]
    billing_account: str | None
    signed: bool = False

    @property
    def regions(self) -> list[str]:
        """The regions that it runs in."""
        return sorted(self.services)


def demand(told: Mapping[str, Any], environment: str) -> Demand:
    """The demand by a plan, as `terraform show -json` tells it."""
    outputs = {name: one.get("value") for name, one in told["planned_values"]["outputs"].items()}
    services: dict[str, list[Size]] = defaultdict(list)
    for one in _planned(told, "google_cloud_run_v2_service"):
        services[one["location"]].append(_size(one))
    alerts = _argument(told, "alerts") or {}
    budgets = [one["billing_account"] for one in _planned(told, "google_billing_budget")]
    return Demand(
        environment=environment,
        domain=str(outputs["address"]).removeprefix("https://"),
        home=str(outputs["home"]),
        services=services,
        channels={kind: alerts[kind] for kind in ("pagerduty", "slack") if alerts.get(kind)},
        emails=alerts.get("emails", ()),
        secrets=sorted({one["secret_id"] for one in _planned(told, "google_secret_manager_secret_iam_member")}),
        billing_account=budgets[0] if budgets else None,
        signed=outputs.get("signed") is True,
    )


def _argument(told: Mapping[str, Any], name: str) -> Any:
    """An argument that an environment gives; no resource has it as it stands."""
    arguments = told["configuration"]["root_module"]["module_calls"]["ion"]["expressions"]
    return arguments.get(name, {}).get("constant_value")


def _planned(told: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    for one in told["resource_changes"]:
        if one["type"] == kind and one["mode"] == "managed" and one["change"]["after"]:
            yield one["change"]["after"]


def _size(service: Mapping[str, Any]) -> Size:
    (template,) = service["template"]
    (container,) = template["containers"]
    limits, most = container["resources"][0]["limits"], template["scaling"][0]["max_instance_count"]
    return Size(service["name"], most * _mcpu(limits["cpu"]), most * _bytes(limits["memory"]))


def _mcpu(text: str) -> int:
    return int(text[:-1]) if text.endswith("m") else round(float(text) * 1000)


def _bytes(text: str) -> int:
    found = re.fullmatch(r"(\d+)(\w*)", text)
    if not found:
        raise ValueError(f"{text!r} is no amount of memory")
    return int(found[1]) * UNITS[found[2]]
