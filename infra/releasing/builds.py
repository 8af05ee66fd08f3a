"""Images of bundles: built once, by Cloud Build with Google's buildpacks, and run in every region.

Terraform names an image and builds none: `build_config` of a Cloud Run service says where its image came from, and starts
nothing (docs/decisions/0018-cloud-run-service.md). So what a release runs is built before it is applied.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from infra.bundling.platform import PLATFORM
from infra.releasing.cloud import Cloud
from infra.releasing.signing import Signer
from infra.user_error import UserError

RUN: Final = "run.googleapis.com"
BUILDS: Final = "cloudbuild.googleapis.com"
IMAGES: Final = "artifactregistry.googleapis.com"
EVERY_S: Final = 5.0
PATIENCE_S: Final = 1200.0
RUNTIME: Final = f"serverless-runtimes/google-22/runtimes/python{PLATFORM['python_version'].replace('.', '')}"

Say = Callable[[str], object]


def service(function: str) -> str:
    """The name of a function's Cloud Run service, and of its image."""
    return f"ion-{function.replace('_', '-')}"


def digest(bundle: str) -> str:
    """The hash in a bundle's name, which is its image's tag and its revision's label."""
    return bundle.removesuffix(".zip").rpartition("-")[2]


def image(project: str, function: str, bundle: str) -> str:
    """The address of a bundle's image; modules/function says the same."""
    return f"{untagged(project, function)}:{digest(bundle)}"


def untagged(project: str, function: str) -> str:
    """The address of all images of a function."""
    return f"us-docker.pkg.dev/{project}/functions/{service(function)}"


def build(cloud: Cloud, bundles: Mapping[str, str], region: str, say: Say, signer: Signer | None = None) -> None:
    """Builds in `region` what has no image yet, from the bundle bucket, all at once; UserError if one cannot be built.

    With a `signer` an image without a signature is none, since nobody knows who built it; what is built now is signed.
    """
    missing = {function: bundle for function, bundle in bundles.items() if not _there(cloud, function, bundle, signer)}
    started = {function: _start(cloud, function, bundle, region, say) for function, bundle in missing.items()}
    if started:
        say(f"builds {', '.join(missing.values())}")
    until = time.monotonic() + PATIENCE_S
    for function, operation in started.items():
        built = _wait(cloud, missing[function], operation, until)
        if signer:
            signer.sign(untagged(cloud.project, function), built or _digest(cloud, function, missing[function]))


def _there(cloud: Cloud, function: str, bundle: str, signer: Signer | None) -> bool:
    tag = _tag(cloud, function, bundle)
    if tag is None or signer is None:
        return tag is not None
    return signer.signed(untagged(cloud.project, function), _version(tag))


def _tag(cloud: Cloud, function: str, bundle: str) -> dict[str, Any] | None:
    package = f"projects/{cloud.project}/locations/us/repositories/functions/packages/{service(function)}"
    return cloud.get(IMAGES, f"v1/{package}/tags/{digest(bundle)}")


def _digest(cloud: Cloud, function: str, bundle: str) -> str:
    """The digest of the image that a bundle's tag names."""
    tag = _tag(cloud, function, bundle)
    if tag is None:
        raise UserError(f"the image of {bundle} was built, and is not there")
    return _version(tag)


def _version(tag: Mapping[str, Any]) -> str:
    return str(tag["version"]).rpartition("/")[2]


def _start(cloud: Cloud, function: str, bundle: str, region: str, say: Say) -> dict[str, Any]:
    """The operation of the build: projects.locations.builds.submit of Cloud Run. What it warns of (a base image that nobody
    mends any more) is said."""
    account = f"projects/{cloud.project}/serviceAccounts/builder@{cloud.project}.iam.gserviceaccount.com"
    submitted = cloud.post(
        RUN,
        f"v2/projects/{cloud.project}/locations/{region}/builds:submit",
        {
            "storageSource": {"bucket": f"{cloud.project}-bundles", "object": bundle},
            "imageUri": image(cloud.project, function, bundle),
            "buildpackBuild": {
                "functionTarget": "handle",
                "baseImage": f"{region}-docker.pkg.dev/{RUNTIME}",
                "enableAutomaticUpdates": True,
            },
            "serviceAccount": account,
            "tags": [service(function)],
        },
    )
    if submitted.get("baseImageWarning"):
        say(f"{bundle}: {submitted['baseImageWarning']}")
    operation: dict[str, Any] = submitted["buildOperation"]
    return operation


def _wait(cloud: Cloud, bundle: str, operation: dict[str, Any], until: float) -> str | None:
    """The digest of what was built, where the build tells it."""
    log = operation.get("metadata", {}).get("build", {}).get("logUrl", "gcloud builds list")
    name = operation["name"]
    while not operation.get("done"):
        if time.monotonic() > until:
            raise UserError(f"the image of {bundle} was not built within {PATIENCE_S:.0f} s: {log}")
        cloud.sleep(EVERY_S)
        operation = cloud.get(BUILDS, f"v1/{name}") or {"done": True, "error": {"message": "nobody knows of it any more"}}
    status = operation.get("response", {}).get("status", "SUCCESS")
    if "error" in operation or status != "SUCCESS":
        said = operation.get("error", {}).get("message", status)
        raise UserError(f"the image of {bundle} could not be built: {said} ({log})")
    images = operation.get("response", {}).get("results", {}).get("images") or [{}]
    told: str | None = images[0].get("digest")
    return told
