"""Images of bundles: built once, by Cloud Build with Google's buildpacks, and run in every region.

Terraform names an image and builds none: `build_config` of a Cloud Run service says where its image came from, and starts
nothing (docs/decisions/0018-cloud-run-service.md). So what a release runs is built before it is applied.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from infra.bundling.platform import PLATFORM
from infra.releasing.cloud import Cloud
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
    return f"us-docker.pkg.dev/{project}/functions/{service(function)}:{digest(bundle)}"


def build(cloud: Cloud, bundles: Mapping[str, str], region: str, say: Say) -> None:
    """Builds in `region` what has no image yet, from the bundle bucket, all at once; UserError if one cannot be built."""
    missing = {function: bundle for function, bundle in bundles.items() if not _there(cloud, function, bundle)}
    started = {function: _start(cloud, function, bundle, region, say) for function, bundle in missing.items()}
    if started:
        say(f"builds {', '.join(missing.values())}")
    until = time.monotonic() + PATIENCE_S
    for function, operation in started.items():
        _wait(cloud, missing[function], operation, until)


def _there(cloud: Cloud, function: str, bundle: str) -> bool:
    package = f"projects/{cloud.project}/locations/us/repositories/functions/packages/{service(function)}"
    return cloud.get(IMAGES, f"v1/{package}/tags/{digest(bundle)}") is not None


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


def _wait(cloud: Cloud, bundle: str, operation: dict[str, Any], until: float) -> None:
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
