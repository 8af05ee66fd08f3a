"""What a release asks the cloud itself: images that are built once, revisions that run, and answers that cannot be had."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from infra.releasing.builds import build, image
from infra.releasing.cloud import Cloud, elsewhere, gcloud_token
from infra.releasing.revisions import behind
from infra.user_error import UserError
from tests.terraform.conftest import Plan
from tests.terraform.world import NEW, Google

BUNDLES = {"router": f"router-{NEW}.zip", "two_words": f"two_words-{NEW}.zip"}
PROJECT = "ion-mentoring-dev"


@pytest.fixture
def google() -> Google:
    return Google(lambda _, function: BUNDLES.get(function))


def test_what_has_no_image_is_built_from_its_bundle_and_what_has_one_is_not(google: Google) -> None:
    said: list[str] = []
    google.images.add(image(PROJECT, "router", BUNDLES["router"]))
    build(google.cloud(), BUNDLES, "europe-west1", said.append)
    (submitted,) = google.submitted
    assert submitted["storageSource"] == {"bucket": f"{PROJECT}-bundles", "object": BUNDLES["two_words"]}
    assert submitted["imageUri"] == f"us-docker.pkg.dev/{PROJECT}/functions/ion-two-words:{NEW}"
    assert submitted["serviceAccount"].endswith(f"/serviceAccounts/builder@{PROJECT}.iam.gserviceaccount.com")
    assert said == [f"builds {BUNDLES['two_words']}"]
    build(google.cloud(), BUNDLES, "europe-west1", said.append)
    assert len(google.submitted) == 1
    assert {request.headers["authorization"] for request in google.asked} == {"Bearer token"}


def test_what_is_wrong_with_the_base_image_is_said(google: Google) -> None:
    said: list[str] = []
    google.warns = "Python 3.11 gets no more security fixes."
    build(google.cloud(), BUNDLES, "europe-west1", said.append)
    assert f"{BUNDLES['router']}: Python 3.11 gets no more security fixes." in said


def test_a_bundle_that_cannot_be_built_is_named_with_its_log(google: Google) -> None:
    google.unbuildable = "router"
    with pytest.raises(UserError, match=rf"{BUNDLES['router']} could not be built: Build failed.* \(https://log/1\)"):
        build(google.cloud(), BUNDLES, "europe-west1", lambda _: None)


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ({"name": "o", "done": True, "response": {"status": "TIMEOUT"}}, "TIMEOUT"),
        ({"name": "o", "done": True, "error": {"message": "no quota"}}, "no quota"),
        (None, "nobody knows of it any more"),
    ],
)
def test_a_build_that_ends_otherwise_is_no_image(operation: Mapping[str, Any] | None, said: str, google: Google) -> None:
    google.operation = lambda _: httpx2.Response(200 if operation else 404, json=operation or {})  # type: ignore[method-assign]
    with pytest.raises(UserError, match=said):
        build(google.cloud(), BUNDLES, "europe-west1", lambda _: None)


def test_a_build_that_never_ends_is_not_waited_for_longer_than_patience(
    google: Google, monkeypatch: pytest.MonkeyPatch
) -> None:
    google.operation = lambda _: httpx2.Response(200, json={"name": "o"})  # type: ignore[method-assign]
    monkeypatch.setattr("infra.releasing.builds.PATIENCE_S", 0.05)
    with pytest.raises(UserError, match="was not built within 0 s"):
        build(google.cloud(), BUNDLES, "europe-west1", lambda _: None)


def test_a_build_is_made_for_what_its_service_runs_on(planned: Plan, google: Google) -> None:
    """The image, its base and its account are those of the plan; a way back and another region need no build."""
    services = planned.of("google_cloud_run_v2_service")
    for service in services.values():
        (told,) = service["build_config"]
        (container,) = service["template"][0]["containers"]
        bundle = told["source_location"].rpartition("/")[2]
        function = service["name"].removeprefix("ion-").replace("-", "_")
        google.submitted.clear()
        google.images.clear()
        cloud = replace(google.cloud(), project="ion-mentoring-prod")
        build(cloud, {function: bundle}, service["location"], lambda _: None)
        (submitted,) = google.submitted
        assert submitted["imageUri"] == told["image_uri"] == container["image"]
        assert submitted["buildpackBuild"]["baseImage"] == told["base_image"] == container["base_image_uri"]
        assert submitted["buildpackBuild"]["functionTarget"] == told["function_target"]
        assert submitted["buildpackBuild"]["enableAutomaticUpdates"] is told["enable_automatic_updates"] is True
        assert submitted["serviceAccount"] == told["service_account"]
        assert f"gs://{submitted['storageSource']['bucket']}/{bundle}" == told["source_location"]
        assert service["template"][0]["labels"]["bundle"] == container["image"].rpartition(":")[2]
    assert len({service["template"][0]["containers"][0]["image"] for service in services.values()}) == len(services) / 3


def test_a_region_runs_what_it_was_given_or_says_what_not(google: Google) -> None:
    cloud = google.cloud()
    assert behind(cloud, "europe-west1", BUNDLES) is None
    other = {"router": "router-" + "f" * 16 + ".zip", "gone": BUNDLES["router"]}
    assert behind(cloud, "europe-west1", other) == f"gone: there is no such service; router: it was given {NEW}, not {'f' * 16}"
    google.unready = "europe-west1"
    assert behind(cloud, "europe-west1", BUNDLES) == "router: it did not start; two_words: it did not start"


def answering(*answers: httpx2.Response | Exception) -> tuple[Cloud, list[float]]:
    """A cloud that says these one after the other, and the pauses between."""
    left, pauses = list(answers), list[float]()

    def answer(_: httpx2.Request) -> httpx2.Response:
        found = left.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    client = httpx2.Client(transport=httpx2.MockTransport(answer))
    return Cloud(client, "p", lambda: "token", sleep=pauses.append), pauses


def test_what_changes_nothing_is_asked_again() -> None:
    cloud, pauses = answering(httpx2.ConnectError("refused"), httpx2.Response(503), httpx2.Response(200, json={"a": 1}))
    assert cloud.get("run.googleapis.com", "v2/x") == {"a": 1}
    assert pauses == [1.0, 3.0]


def test_what_stays_away_is_told() -> None:
    cloud, _ = answering(httpx2.Response(503), httpx2.Response(503), httpx2.Response(503))
    with pytest.raises(UserError, match=r"run\.googleapis\.com answered 503"):
        cloud.get("run.googleapis.com", "v2/x")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx2.Response(403, json={"error": {"message": "Permission 'run.builds.create' denied"}}), "run.builds.create"),
        (httpx2.Response(404, json={}), "answered 404"),
        (httpx2.Response(502, text="<html>"), "answered 502: Bad Gateway"),
        (httpx2.Response(200, text="no JSON"), "answered 200"),
        (httpx2.ReadTimeout("late"), "does not answer: late"),
    ],
)
def test_what_changes_something_is_asked_once_and_its_refusal_is_told(answer: httpx2.Response | Exception, said: str) -> None:
    cloud, pauses = answering(answer)
    with pytest.raises(UserError, match=said):
        cloud.post("run.googleapis.com", "v2/x", {})
    assert not pauses


def test_whoever_is_not_logged_in_is_told_how(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UserError, match="gcloud auth login"):
        gcloud_token()


def test_tries_without_a_cloud_ask_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(str(request.url))
        return httpx2.Response(200, json={})

    monkeypatch.setenv("GOOGLE_APIS_URL", "http://127.0.0.1:9000/")
    client = httpx2.Client(transport=httpx2.MockTransport(answer))
    Cloud(client, "p", lambda: "token", elsewhere()).get("run.googleapis.com", "v2/x")
    assert asked == ["http://127.0.0.1:9000/run.googleapis.com/v2/x"]
