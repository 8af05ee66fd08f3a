"""Quotas of the project against what the set may take: what is above one is refused in the middle of the first apply."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from infra.preflight.demand import Demand
from infra.preflight.findings import Finding
from infra.releasing.cloud import Cloud

QUOTAS: Final = "cloudquotas.googleapis.com"
CPU: Final = "CpuAllocPerProjectRegion"  # thousandths of a processor; docs/infrastructure-facts.md
MEMORY: Final = "MemAllocPerProjectRegion"  # bytes
UNLIMITED: Final = -1

Infos = list[dict[str, Any]]


def cloud_run(cloud: Cloud, demand: Demand) -> Iterator[Finding]:
    """A service whose most instances are above the region's quota is refused; all together may be above it, and wait."""
    infos = _infos(cloud, "run")
    for region in demand.regions:
        services = demand.services[region]
        for quota, unit, amounts in (
            (CPU, "processors", {one.service: one.mcpu / 1000 for one in services}),
            (MEMORY, "GiB of memory", {one.service: one.memory / 2**30 for one in services}),
        ):
            allowed = limit(infos, quota, region)
            if allowed is not None:
                yield from _above(region, amounts, allowed / (1000 if quota == CPU else 2**30), unit)


def _above(region: str, amounts: Mapping[str, float], allowed: float, unit: str) -> Iterator[Finding]:
    wide = {name: amount for name, amount in amounts.items() if amount > allowed}
    for name, amount in sorted(wide.items()):
        yield Finding(
            f"{name} may take {amount:g} {unit} in {region}, where the project has {allowed:g}: lower max_instances in "
            "infra/terraform/functions.json, or ask for more (console, Quotas, Cloud Run Admin API)"
        )
    if not wide and sum(amounts.values()) > allowed:
        yield Finding(
            f"all functions together may take {sum(amounts.values()):g} {unit} in {region}, where the project has {allowed:g}: "
            "under full load some of them get none",
            stops=False,
        )


def cloud_build(cloud: Cloud, demand: Demand) -> Iterator[Finding]:
    """Images are built at home."""
    yield from _none(_infos(cloud, "cloudbuild"), "Cloud Build", [demand.home])


def memorystore(cloud: Cloud, demand: Demand) -> Iterator[Finding]:
    """Each region has a cache."""
    yield from _none(_infos(cloud, "memorystore"), "Memorystore", demand.regions)


def _none(infos: Infos, service: str, regions: list[str]) -> Iterator[Finding]:
    for region in regions:
        for info in infos:
            if "region" in info.get("dimensions", ()) and limit(infos, info["quotaId"], region) == 0:
                said = info.get("quotaDisplayName", info["quotaId"])
                yield Finding(f"{service} allows nothing in {region} ({said}: 0): ask for more, or take another region")


def _infos(cloud: Cloud, service: str) -> Infos:
    path = f"v1/projects/{cloud.project}/locations/global/services/{service}.googleapis.com/quotaInfos"
    return list(cloud.pages(QUOTAS, path, "quotaInfos"))


def limit(infos: Infos, quota: str, region: str) -> int | None:
    """The value of a quota in a region, None if there is no such quota or no end to it. What is said of the region itself
    counts before what is said of all that it applies to."""
    for info in infos:
        if info.get("quotaId") == quota:
            told = info.get("dimensionsInfos", [])
            own = [one for one in told if one.get("dimensions", {}).get("region") == region]
            all_of_them = [one for one in told if "region" not in one.get("dimensions", {}) and _applies(one, region)]
            for one in (*own, *all_of_them):
                value = int(one.get("details", {}).get("value", UNLIMITED))
                return None if value == UNLIMITED else value
    return None


def _applies(told: Mapping[str, Any], region: str) -> bool:
    places = told.get("applicableLocations")
    return not places or region in places or "global" in places
