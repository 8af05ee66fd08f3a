"""The project: that it is there, is paid for, has its interfaces, and that its buckets' names are its own."""

from collections.abc import Iterator
from typing import Final

from infra.preflight.demand import Demand
from infra.preflight.findings import Finding
from infra.releasing.cloud import Cloud, Refusal
from infra.releasing.signing import NAME

PROJECTS: Final = "cloudresourcemanager.googleapis.com"
BILLING: Final = "cloudbilling.googleapis.com"
USAGE: Final = "serviceusage.googleapis.com"
COMPUTE: Final = "compute.googleapis.com"
STORAGE: Final = "storage.googleapis.com"
SECRETS: Final = "secretmanager.googleapis.com"
MONITORING: Final = "monitoring.googleapis.com"
SIGNATURES: Final = "binaryauthorization.googleapis.com"
FIRST: Final = ("cloudresourcemanager", "iam", "serviceusage", "storage", "cloudbilling", "cloudquotas", "orgpolicy")
FOUNDED: Final = ("aiplatform", "cloudbuild", "cloudkms", "firestore", "memorystore", "pubsub", "run", "secretmanager")


def the_project(cloud: Cloud, _: Demand) -> Iterator[Finding]:
    """It is there, and nobody deletes it."""
    found = cloud.get(PROJECTS, f"v3/projects/{cloud.project}")
    if found is None:
        yield Finding(f"there is no project {cloud.project}: make it, or correct terraform.tfvars")
    elif found.get("state") != "ACTIVE":
        yield Finding(f"the project {cloud.project} is {found.get('state')}: gcloud projects undelete {cloud.project}")


def billing(cloud: Cloud, demand: Demand) -> Iterator[Finding]:
    """Somebody pays, and the budget is on the same account."""
    found = cloud.get(BILLING, f"v1/projects/{cloud.project}/billingInfo") or {}
    account = str(found.get("billingAccountName", "")).removeprefix("billingAccounts/")
    if not found.get("billingEnabled"):
        yield Finding(
            f"nobody pays for {cloud.project}: gcloud billing projects link {cloud.project} --billing-account=ACCOUNT"
        )
    elif demand.billing_account not in (None, account):
        yield Finding(f"the budget is on {demand.billing_account}, and {account} pays: a budget there never tells anything")


def interfaces(cloud: Cloud, _: Demand) -> Iterator[Finding]:
    """Those that a person enables, and those of the foundation."""
    listed = cloud.pages(
        USAGE, f"v1/projects/{cloud.project}/services", "services", {"filter": "state:ENABLED", "pageSize": "200"}
    )
    there = {str(one["name"]).rpartition("/")[2].removesuffix(".googleapis.com") for one in listed}
    missing = [f"{name}.googleapis.com" for name in FIRST if name not in there]
    if missing:
        yield Finding(f"not enabled: gcloud services enable {' '.join(missing)} --project={cloud.project}")
    if not there >= set(FOUNDED):
        yield Finding("the foundation was not applied yet (make bootstrap): a release needs it first", stops=False)


def buckets(cloud: Cloud, _: Demand) -> Iterator[Finding]:
    """Names of buckets are the whole world's: somebody else may have ours."""
    for name, made in (("state", "docs/runbooks/first-deployment.md, step 2"), ("bundles", "make bootstrap")):
        bucket = f"{cloud.project}-{name}"
        try:
            found = cloud.get(STORAGE, f"storage/v1/b/{bucket}")
        except Refusal as refusal:
            if refusal.status != 403:
                raise
            yield Finding(f"gs://{bucket} is somebody else's, or hidden from you: ask its owner, or choose another project id")
            continue
        if found is None:
            yield Finding(f"there is no gs://{bucket} yet: {made}", stops=name == "state")
        elif name == "state" and not found.get("versioning", {}).get("enabled"):
            yield Finding(f"gs://{bucket} keeps no old states: gcloud storage buckets update gs://{bucket} --versioning")


def the_default_network(cloud: Cloud, _: Demand) -> Iterator[Finding]:
    """Google makes one with open ports in every new project; nothing here uses it."""
    if cloud.get(COMPUTE, f"compute/v1/projects/{cloud.project}/global/networks/default") is not None:
        yield Finding(
            f"the project has the network `default`, open to the world by its firewall: gcloud compute networks delete default "
            f"--project={cloud.project} (its firewall rules first)",
            stops=False,
        )


def secrets(cloud: Cloud, demand: Demand) -> Iterator[Finding]:
    """Each has a version: a function that asks for one that has none does not start."""
    for name in (*demand.secrets, "smoke-api-key"):
        if cloud.get(SECRETS, f"v1/projects/{cloud.project}/secrets/{name}/versions/latest") is None:
            yield Finding(f"the secret {name} has no version: docs/runbooks/first-deployment.md, step 4")


def signatures(cloud: Cloud, demand: Demand) -> Iterator[Finding]:
    """Somebody has to be there whose signature counts, where images have to be signed: else no revision comes up."""
    if demand.signed and cloud.get(SIGNATURES, f"v1/projects/{cloud.project}/attestors/{NAME}") is None:
        yield Finding(
            f"signed is true, and the project has no attestor {NAME}: signed = true in foundation/{demand.environment}.tfvars, "
            "then make bootstrap"
        )


def whoever_is_told(cloud: Cloud, demand: Demand) -> Iterator[Finding]:
    """The channels are there, and are what the environment takes them for."""
    for kind, name in demand.channels.items():
        found = cloud.get(MONITORING, f"v3/{name}")
        if found is None:
            yield Finding(
                f"there is no channel {name} ({kind}): gcloud beta monitoring channels list --project={cloud.project}"
            )
        elif found.get("type") != kind:
            yield Finding(f"{name} is a channel of the type {found.get('type')}, and alerts.{kind} takes it for another")
        elif found.get("enabled") is False:
            yield Finding(f"{name} ({kind}) is disabled: nobody would be woken")
    if not demand.channels.get("pagerduty"):
        yield Finding("nobody is woken: alerts.pagerduty names no channel", stops=demand.environment == "prod")
    if not demand.emails:
        yield Finding("nobody is told: alerts.emails is empty", stops=demand.environment == "prod")
    if demand.billing_account is None:
        yield Finding("there is no budget: what is spent is told to nobody", stops=demand.environment == "prod")
