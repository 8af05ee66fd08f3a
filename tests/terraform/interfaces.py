"""Google's interfaces as a preflight asks them: a project where all is well, until something is said otherwise."""

from collections.abc import Mapping
from typing import Any

import httpx2

from infra.releasing.cloud import Cloud

PROJECT = "ion-mentoring-prod"
PAGER = f"projects/{PROJECT}/notificationChannels/1"
APIS = (
    "cloudresourcemanager iam serviceusage storage cloudbilling cloudquotas orgpolicy aiplatform cloudbuild cloudkms firestore "
    "memorystore pubsub run secretmanager"
)
SECRETS = ("api-keys", "cache-key-secret", "smoke-api-key")


def quota(name: str, value: int, region: str | None = None) -> dict[str, Any]:
    """One quota, of a region or of all."""
    told = {"details": {"value": str(value)}, **({"dimensions": {"region": region}} if region else {})}
    return {"quotaId": name, "dimensions": ["region"], "dimensionsInfos": [told]}


def well() -> dict[str, Any]:
    """What each address answers; a number is a status without a body."""
    quotas = f"cloudquotas.googleapis.com/v1/projects/{PROJECT}/locations/global/services"
    secrets = f"secretmanager.googleapis.com/v1/projects/{PROJECT}/secrets"
    return {
        f"cloudresourcemanager.googleapis.com/v3/projects/{PROJECT}": {"state": "ACTIVE"},
        f"cloudbilling.googleapis.com/v1/projects/{PROJECT}/billingInfo": {
            "billingEnabled": True,
            "billingAccountName": "billingAccounts/000000-000000-000000",
        },
        f"serviceusage.googleapis.com/v1/projects/{PROJECT}/services": {
            "services": [{"name": f"projects/1/services/{api}.googleapis.com"} for api in APIS.split()]
        },
        f"storage.googleapis.com/storage/v1/b/{PROJECT}-state": {"versioning": {"enabled": True}},
        f"storage.googleapis.com/storage/v1/b/{PROJECT}-bundles": {},
        f"{quotas}/run.googleapis.com/quotaInfos": {
            "quotaInfos": [quota("CpuAllocPerProjectRegion", 200_000), quota("MemAllocPerProjectRegion", 400 * 2**30)]
        },
        f"{quotas}/cloudbuild.googleapis.com/quotaInfos": {},
        f"{quotas}/memorystore.googleapis.com/quotaInfos": {},
        **{f"{secrets}/{name}/versions/latest": {"state": "ENABLED"} for name in SECRETS},
        f"monitoring.googleapis.com/v3/{PAGER}": {"type": "pagerduty", "enabled": True},
    }


class Interfaces:
    """A stand-in; `otherwise` are answers by the end of an address."""

    def __init__(self, otherwise: Mapping[str, Any] | None = None) -> None:
        self.answers = well()
        for end, answer in (otherwise or {}).items():
            known = [address for address in self.answers if address.endswith(end)] or [end]
            self.answers[known[0]] = answer

    def cloud(self) -> Cloud:
        client = httpx2.Client(transport=httpx2.MockTransport(self.answer))
        return Cloud(client, PROJECT, lambda: "token", sleep=lambda _: None)

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        page = request.url.params.get("pageToken", "")
        path = f"{request.url.host}{request.url.path}{f'?{page}' if page else ''}"
        if path.startswith("orgpolicy."):
            constraint = path.rpartition("/")[2].removesuffix(":getEffectivePolicy")
            return httpx2.Response(200, json={"spec": {"rules": self.answers.get(constraint, [{"allowAll": True}])}})
        answer = self.answers.get(path, 404)
        return httpx2.Response(answer, json={}) if isinstance(answer, int) else httpx2.Response(200, json=answer)
