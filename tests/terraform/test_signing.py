"""Where it is asked for, only images run that a release signed when it built them."""

import base64
import hashlib
import json
import shutil
from typing import Any

import httpx2
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256

from infra.releasing.builds import build, image, untagged
from infra.releasing.cloud import Cloud
from infra.releasing.deployment import RolloutPolicy
from infra.releasing.signing import NAME, Signer
from infra.releasing.stack import TERRAFORM, Places
from infra.user_error import UserError
from tests.terraform.conftest import BOTH, BUNDLES, FOUNDATION, FUNCTIONS, Initialised
from tests.terraform.made import Made, make
from tests.terraform.test_variants import FULL
from tests.terraform.world import NEW, OLD, PLACES, Google, World

PROJECT = "ion-mentoring-dev"
ONE = {"router": f"router-{NEW}.zip"}
ROUTER = untagged(PROJECT, "router")
SERVICE = "function.google_cloud_run_v2_service.this"
KEY = f"projects/{PROJECT}/locations/global/keyRings/ion/cryptoKeys/{NAME}/cryptoKeyVersions/1"


class Signed(Google):
    """Google with a key that signs and a place for signatures; each image has its digest, and builds say theirs or not."""

    def __init__(self, running: Any = lambda _, function: None) -> None:
        super().__init__(running)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.occurrences: list[dict[str, Any]] = []
        self.tells = True
        self.moved: dict[str, str] = {}  # digests of tags that somebody moved

    def digest(self, name: str) -> str:
        return self.moved.get(name, f"sha256:{hashlib.sha256(name.encode()).hexdigest()}")

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        host, path = request.url.host, request.url.path
        if host == "cloudkms.googleapis.com":
            self.asked.append(request)
            assert path == f"/v1/{KEY}:asymmetricSign"
            hashed = base64.b64decode(json.loads(request.content)["digest"]["sha256"])
            signature = self.key.sign(hashed, ec.ECDSA(utils.Prehashed(SHA256())))
            return httpx2.Response(200, json={"signature": base64.b64encode(signature).decode()})
        if host == "containeranalysis.googleapis.com" and request.method == "POST":
            self.occurrences.append(json.loads(request.content))
            return httpx2.Response(200, json={"name": "projects/p/occurrences/1"})
        if host == "containeranalysis.googleapis.com":
            asked = request.url.params["filter"]
            found = [one for one in self.occurrences if f'resourceUrl="{one["resourceUri"]}"' in asked]
            return httpx2.Response(200, json={"occurrences": found})
        return super().answer(request)

    def tag(self, request: httpx2.Request) -> httpx2.Response:
        found = super().tag(request)
        if found.status_code != 200:
            return found
        package, _, tag = request.url.path.rpartition("/packages/")[2].partition("/tags/")
        version = self.digest(f"us-docker.pkg.dev/{PROJECT}/functions/{package}:{tag}")
        return httpx2.Response(200, json={"name": request.url.path, "version": f"projects/p/packages/x/versions/{version}"})

    def operation(self, request: httpx2.Request) -> httpx2.Response:
        told = super().operation(request).json()
        if told.get("response") and self.tells:
            name = self.submitted[int(told["name"].rpartition("/")[2]) - 1]["imageUri"]
            told["response"]["results"] = {"images": [{"name": name, "digest": self.digest(name)}]}
        return httpx2.Response(200, json=told)


@pytest.fixture
def google() -> Signed:
    return Signed()


def built(google: Signed, bundles: dict[str, str] = ONE) -> None:
    cloud = google.cloud()
    build(cloud, bundles, "europe-west1", lambda _: None, Signer(cloud))


@pytest.mark.parametrize("tells", [True, False], ids=["the build says its digest", "the tag does"])
def test_what_is_built_is_signed_by_name_and_digest_as_binary_authorization_reads_it(google: Signed, tells: bool) -> None:
    google.tells = tells
    built(google)
    (one,) = google.occurrences
    digest = google.digest(image(PROJECT, "router", ONE["router"]))
    assert one["resourceUri"] == f"https://{ROUTER}@{digest}"
    assert one["noteName"] == f"projects/{PROJECT}/notes/{NAME}"
    payload = base64.b64decode(one["attestation"]["serializedPayload"])
    assert json.loads(payload)["critical"] == {
        "identity": {"docker-reference": ROUTER},
        "image": {"docker-manifest-digest": digest},
        "type": "Google cloud binauthz container signature",
    }
    (signature,) = one["attestation"]["signatures"]
    assert signature["publicKeyId"] == f"//cloudkms.googleapis.com/v1/{KEY}"
    public, made = google.key.public_key(), base64.b64decode(signature["signature"])
    public.verify(made, payload, ec.ECDSA(SHA256()))
    with pytest.raises(InvalidSignature):
        public.verify(made, payload.replace(b"router", b"nobody"), ec.ECDSA(SHA256()))


def test_what_is_signed_is_not_built_again(google: Signed) -> None:
    built(google)
    built(google)
    assert (len(google.submitted), len(google.occurrences)) == (1, 1)


def test_an_image_that_lies_there_unsigned_is_built_anew_and_not_signed_as_it_lies(google: Signed) -> None:
    name = image(PROJECT, "router", ONE["router"])
    google.images.add(name)
    built(google)
    assert len(google.submitted) == 1
    google.moved[name] = "sha256:" + "0" * 64
    built(google)
    assert len(google.submitted) == 2, "somebody moved the tag to what no release has built"


def test_without_the_setting_nothing_is_asked_of_signatures(google: Signed) -> None:
    build(google.cloud(), ONE, "europe-west1", lambda _: None)
    assert {request.url.host.partition(".")[0] for request in google.asked} == {"artifactregistry", "run", "cloudbuild"}
    assert google.occurrences == []


def test_a_signature_that_may_not_be_made_ends_the_release(google: Signed) -> None:
    def refuses(request: httpx2.Request) -> httpx2.Response:
        if request.url.host.startswith("cloudkms"):
            return httpx2.Response(403, json={"error": {"message": "Permission 'useToSign' denied"}})
        return google.answer(request)

    cloud = Cloud(httpx2.Client(transport=httpx2.MockTransport(refuses)), PROJECT, lambda: "t", sleep=lambda _: None)
    with pytest.raises(UserError, match="useToSign"):
        build(cloud, ONE, "europe-west1", lambda _: None, Signer(cloud))


def test_a_release_signs_what_it_runs_and_what_it_would_go_back_to(imagined: World, monkeypatch: pytest.MonkeyPatch) -> None:
    imagined.google = google = Signed(imagined.stack.running)
    imagined.deploy(OLD)
    assert google.occurrences == []
    monkeypatch.setattr("tests.terraform.world.PLACES", Places(PLACES.regions, PLACES.home, PLACES.address, signed=True))
    imagined.deploy(NEW, care=RolloutPolicy(watched_s=0.1, patience_s=0, every_s=0.05, known_s=0))
    signed = {one["resourceUri"].partition("@")[2] for one in google.occurrences}
    wanted = {image(PROJECT, name, f"{name}-{digest}.zip") for name in ("router", "lua") for digest in (OLD, NEW)}
    assert signed == {google.digest(name) for name in wanted}


@pytest.fixture(scope="module")
def foundation(initialised: Initialised, terraform: str, tmp_path_factory: pytest.TempPathFactory) -> Made:
    root = shutil.copytree(initialised("foundation"), tmp_path_factory.mktemp("signed") / "foundation")
    return make(terraform, root / TERRAFORM / "foundation", f"{FOUNDATION}\n signed = true", BOTH)


def test_the_policy_wants_the_signature_of_the_key_that_releases_sign_with(foundation: Made) -> None:
    (rule,) = foundation.one("google_binary_authorization_policy.this").values["default_admission_rule"]
    attestor = foundation.one("google_binary_authorization_attestor.signing").values
    assert rule["evaluation_mode"] == "REQUIRE_ATTESTATION"
    assert rule["enforcement_mode"] == "ENFORCED_BLOCK_AND_AUDIT_LOG", "a dry run lets everything in"
    assert rule["require_attestations_by"] == [attestor["name"]] == [NAME]
    (noted,) = attestor["attestation_authority_note"]
    assert noted["note_reference"] == foundation.one("google_container_analysis_note.signing").values["name"] == NAME
    (public,) = noted["public_keys"]
    assert public["id"].endswith(KEY.partition("/locations/")[2]), "the id that signatures say"
    assert public["pkix_public_key"] == [{"public_key_pem": "PEM", "signature_algorithm": "ECDSA_P256_SHA256"}]
    key = foundation.one("google_kms_crypto_key.signing").values
    assert (key["name"], key["purpose"]) == (NAME, "ASYMMETRIC_SIGN")
    assert key["version_template"][0]["algorithm"] == "EC_SIGN_P256_SHA256"
    assert key["key_ring"] == foundation.one("google_kms_key_ring.ion", each="global").values["id"]


def test_deploy_alone_signs(foundation: Made) -> None:
    deploy = foundation.one("google_service_account.deploy").values["member"]
    grants = {one.values["role"]: one.values["member"] for one in foundation.resources if one.key.endswith("deploy_signs")}
    roles = ("cloudkms.signer", "containeranalysis.notes.attacher", "containeranalysis.occurrences.editor")
    assert grants == {f"roles/{role}": deploy for role in roles}
    assert {"binaryauthorization", "containeranalysis"} <= {
        one.indices["each"] for one in foundation.of("google_project_service.api")
    }


def test_every_function_of_such_a_set_runs_under_the_policy(
    initialised: Initialised, terraform: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = shutil.copytree(initialised(""), tmp_path_factory.mktemp("signed") / "set")
    made = make(terraform, root / TERRAFORM, f"{FULL}\n signed = true")
    services = made.of(SERVICE)
    assert len(services) == 3 * len(FUNCTIONS) == 3 * len(BUNDLES)
    told = {one.address: one.values.get("binary_authorization") or [{}] for one in services}
    assert [address for address, (policy,) in told.items() if not policy.get("use_default")] == [], "runs what nobody signed"


def test_without_the_setting_there_is_none_of_it(made: Made, made_foundation: Made) -> None:
    assert {len(one.values.get("binary_authorization") or ()) for one in made.of(SERVICE)} == {0}
    keys = {one.key for one in made_foundation.resources}
    assert not [key for key in keys if "binary_authorization" in key or "container_analysis" in key or "sign" in key]
