"""The check that a region runs its release: Terraform is done when Cloud Run took a revision, which may still not start."""

from collections.abc import Mapping

from infra.releasing.builds import RUN, digest, service
from infra.releasing.cloud import Cloud


def behind(cloud: Cloud, region: str, bundles: Mapping[str, str]) -> str | None:
    """The functions that do not run their bundle in a region, and why; None if everything does."""
    wrong = ((function, _wrong(cloud, region, function, bundle)) for function, bundle in sorted(bundles.items()))
    return "; ".join(f"{function}: {why}" for function, why in wrong if why) or None


def _wrong(cloud: Cloud, region: str, function: str, bundle: str) -> str | None:
    found = cloud.get(RUN, f"v2/projects/{cloud.project}/locations/{region}/services/{service(function)}")
    if found is None:
        return "there is no such service"
    labelled = found.get("template", {}).get("labels", {}).get("bundle")
    if labelled != digest(bundle):
        return f"it was given {labelled}, not {digest(bundle)}"
    if found.get("latestReadyRevision") != found.get("latestCreatedRevision"):
        return str(found.get("terminalCondition", {}).get("message") or "its newest revision is not ready")
    return None
