"""A preflight says what would stop a first apply half-way, against stand-ins of the interfaces that it reads."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from infra.preflight.demand import Demand, demand
from infra.preflight.files import left
from infra.ready import findings, main, report
from infra.releasing.stack import TERRAFORM
from tests.terraform.conftest import REGIONS, REPOSITORY, Plan, copied
from tests.terraform.interfaces import PAGER, PROJECT, Interfaces, quota


@pytest.fixture(scope="module")
def needs(planned: Plan) -> Demand:
    """Of prod as it stands."""
    return demand(planned.told, "prod")


def test_the_demand_is_what_the_set_may_take(needs: Demand) -> None:
    assert needs.regions == list(REGIONS)
    sizes = {one.service: one for one in needs.services["us-central1"]}
    assert (sizes["ion-router"].mcpu, sizes["ion-router"].memory) == (50_000, 50 * 512 * 2**20)
    assert (needs.home, needs.domain, needs.channels) == ("us-central1", "mentoring.example.com", {"pagerduty": PAGER})
    assert needs.secrets == ["api-keys", "cache-key-secret"]


def test_a_project_where_all_is_well_is_ready(needs: Demand) -> None:
    found = list(findings(Interfaces().cloud(), needs))
    assert found == []
    assert report(found) == "ready"


def test_a_set_of_signed_images_needs_somebody_whose_signature_counts(needs: Demand) -> None:
    signed = replace(needs, signed=True)
    (found,) = findings(Interfaces().cloud(), signed)
    assert found.stops
    assert "no attestor ion-built: signed = true in foundation/prod.tfvars, then make bootstrap" in found.sentence
    attestor = f"binaryauthorization.googleapis.com/v1/projects/{PROJECT}/attestors/ion-built"
    assert list(findings(Interfaces({attestor: {"name": "ion-built"}}).cloud(), signed)) == []
    assert list(findings(Interfaces().cloud(), needs)) == [], "the others do not need it"


CPU, MEMORY = "CpuAllocPerProjectRegion", "MemAllocPerProjectRegion"
PLENTY = quota(MEMORY, 400 * 2**30)
RUN = "services/run.googleapis.com/quotaInfos"
STOPS: list[tuple[dict[str, Any], str]] = [
    ({f"v3/projects/{PROJECT}": 404}, "there is no project ion-mentoring-prod"),
    ({f"v3/projects/{PROJECT}": {"state": "DELETE_REQUESTED"}}, "is DELETE_REQUESTED: gcloud projects undelete"),
    ({"billingInfo": {"billingEnabled": False}}, "nobody pays for ion-mentoring-prod"),
    ({"billingInfo": {"billingEnabled": True, "billingAccountName": "billingAccounts/1"}}, "the budget is on 000000-000000"),
    ({"billingInfo": 403}, "billing could not be looked at: cloudbilling.googleapis.com answered 403"),
    ({f"v1/projects/{PROJECT}/services": {"services": []}}, "not enabled: gcloud services enable cloudresourcemanager.goo"),
    ({f"b/{PROJECT}-state": 404}, "there is no gs://ion-mentoring-prod-state yet"),
    ({f"b/{PROJECT}-state": {}}, "keeps no old states"),
    ({f"b/{PROJECT}-bundles": 403}, "gs://ion-mentoring-prod-bundles is somebody else's"),
    ({f"b/{PROJECT}-bundles": 500}, "buckets could not be looked at: storage.googleapis.com answered 500"),
    ({RUN: {"quotaInfos": [quota(CPU, 20_000), PLENTY]}}, "ion-router may take 50 processors in asia-northeast3, where"),
    ({RUN: {"quotaInfos": [quota(CPU, 9_000, "us-central1"), PLENTY]}}, "ion-lua may take 20 processors in us-central1, where"),
    ({RUN: {"quotaInfos": [quota(CPU, 200_000), quota(MEMORY, 2**30)]}}, "ion-router may take 25 GiB of memory in"),
    ({RUN: 403}, "cloud run could not be looked at"),
    ({"cloudbuild.googleapis.com/quotaInfos": {"quotaInfos": [quota("Builds", 0, "us-central1")]}}, "allows nothing in us-cen"),
    ({"memorystore.googleapis.com/quotaInfos": {"quotaInfos": [quota("Nodes", 0)]}}, "Memorystore allows nothing in europe"),
    ({"run.managed.requireInvokerIam": [{"enforce": True}]}, "constraints/run.managed.requireInvokerIam is enforced, and"),
    (
        {"gcp.resourceLocations": [{"values": {"allowedValues": ["in:us-locations"]}}]},
        "not allow asia-northeast3, europe-west1:",
    ),
    ({"gcp.resourceLocations": [{"values": {"deniedValues": ["is:us-central1"]}}]}, "does not allow us-central1:"),
    (
        {"run.allowedIngress": [{"denyAll": True}]},
        "constraints/run.allowedIngress does not allow internal, internal-and-cloud-",
    ),
    ({"run.allowedVPCEgress": [{"values": {"allowedValues": ["all-traffic"]}}]}, "does not allow private-ranges-only"),
    ({PAGER: 404}, f"there is no channel {PAGER} (pagerduty)"),
    ({PAGER: {"type": "email"}}, "is a channel of the type email"),
    ({PAGER: {"type": "pagerduty", "enabled": False}}, "is disabled: nobody would be woken"),
    ({"api-keys/versions/latest": 404}, "the secret api-keys has no version"),
    ({"smoke-api-key/versions/latest": 404}, "the secret smoke-api-key has no version"),
]


@pytest.mark.parametrize(("otherwise", "sentence"), STOPS, ids=[sentence[:40] for _, sentence in STOPS])
def test_what_would_stop_an_apply_is_said_first(otherwise: dict[str, Any], sentence: str, needs: Demand) -> None:
    found = list(findings(Interfaces(otherwise).cloud(), needs))
    stopping = [one.sentence for one in found if one.stops]
    assert [one for one in stopping if sentence in one], stopping
    assert report(found).endswith("would stop it")


@pytest.mark.parametrize(
    "rules",
    [
        [{"values": {"allowedValues": ["in:us-locations", "in:asia-locations", "in:eu-locations"]}}],
        [{"values": {"allowedValues": ["in:us-central1-locations", "is:asia-northeast3", "europe-west1"]}}],
        [{"values": {"allowedValues": ["in:low-carbon-locations"]}}],  # nobody here knows which those are
        [{"denyAll": True, "condition": {"expression": "resource.matchTag('x', 'y')"}}],
    ],
)
def test_places_that_are_allowed_stop_nothing(rules: list[dict[str, Any]], needs: Demand) -> None:
    assert list(findings(Interfaces({"gcp.resourceLocations": rules}).cloud(), needs)) == []


def test_what_is_worth_knowing_stops_nothing(needs: Demand) -> None:
    default = f"compute.googleapis.com/compute/v1/projects/{PROJECT}/global/networks/default"
    assert "has the network `default`, open to the world" in report(list(findings(Interfaces({default: {}}).cloud(), needs)))
    tight = {RUN: {"quotaInfos": [quota(CPU, 50_000), PLENTY]}, f"b/{PROJECT}-bundles": 404}
    found = list(findings(Interfaces(tight).cloud(), needs))
    assert {one.stops for one in found} == {False}
    assert "all functions together may take 151 processors in us-central1, where the project has 50" in report(found)
    assert report(found).endswith("\nready")


@pytest.mark.parametrize(("environment", "stops"), [("prod", True), ("dev", False)])
def test_nobody_who_is_told_stops_prod_alone(environment: str, stops: bool, needs: Demand) -> None:
    nobody = replace(needs, environment=environment, channels={}, emails=(), billing_account=None)
    found = list(findings(Interfaces().cloud(), nobody))
    assert [one.sentence.partition(":")[0] for one in found] == ["nobody is woken", "nobody is told", "there is no budget"]
    assert {one.stops for one in found} == {stops}


def test_a_list_is_read_to_its_end(needs: Demand) -> None:
    services = f"serviceusage.googleapis.com/v1/projects/{PROJECT}/services"
    apis = Interfaces()
    first, *rest = apis.answers[services]["services"]
    apis.answers[services] = {"services": [first], "nextPageToken": "more"}
    apis.answers[f"{services}?more"] = {"services": rest}
    assert list(findings(apis.cloud(), needs)) == []


def test_what_stands_as_it_came_is_told_with_its_line(tmp_path: Path) -> None:
    root = copied(tmp_path)
    found = [one.sentence for one in left(root, "prod")]
    (domain,) = [one for one in found if "mentoring.example.com" in one]
    number = int(domain.split(":")[1])
    assert "mentoring.example.com" in (root / TERRAFORM / "envs/prod/main.tf").read_text().splitlines()[number - 1]
    assert [one for one in found if "oncall@example.com" in one]
    assert [one for one in found if "000000-000000-000000" in one]
    env = root / TERRAFORM / "envs/prod/main.tf"
    env.write_text(env.read_text().replace("example.com", "ours.kr").replace("000000-000000-000000", "0A1B2C-000000-111111"))
    for folder in ("envs/prod", "foundation"):
        (root / TERRAFORM / folder / ".terraform.lock.hcl").write_text("")
    assert list(left(root, "prod")) == []


@pytest.mark.slow
def test_it_is_one_command(
    planning: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a project that cannot be reached: that is a sentence, too."""
    (tmp_path / "gcloud").write_text("#!/bin/sh\necho token\n")
    (tmp_path / "gcloud").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin:/usr/local/bin")
    monkeypatch.setenv("GOOGLE_APIS_URL", "http://127.0.0.1:9")
    monkeypatch.setattr("infra.releasing.cloud.PAUSES_S", ())
    assert main(["dev"], copied(tmp_path / "repository")) == 1
    told = capsys.readouterr().out
    assert "the project could not be looked at: cloudresourcemanager.googleapis.com does not answer" in told
    assert "infra/terraform/envs/dev has no .terraform.lock.hcl" in told
    assert "make ready" in (REPOSITORY / "docs/runbooks/first-deployment.md").read_text(encoding="utf-8")


def test_an_environment_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nowhere"]) == 1
    assert "there are dev, prod" in capsys.readouterr().err
