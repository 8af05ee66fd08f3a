"""A set of two regions that can be broken, the cloud around it, and a person who reads what a release says."""

import json
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2

from infra.release import by_function
from infra.releasing.builds import digest
from infra.releasing.cloud import Cloud
from infra.releasing.deployment import Deployment, RolloutPolicy
from infra.releasing.registry import Proposal, ReleaseRegistry
from infra.releasing.smoke import Target
from infra.releasing.stack import Change, Places, Planned
from infra.user_error import UserError

REGIONS = ("europe-west1", "us-central1")
HOME, CANARY = "us-central1", "europe-west1"
PLACES = Places({region: f"http://{region}" for region in REGIONS}, HOME, "http://all")
OLD, NEW, THIRD = ("0" * 15 + last for last in "123")
CARE = RolloutPolicy(watched_s=0.2, patience_s=0, every_s=0.05, known_s=0)


class Region(ThreadingHTTPServer):
    """Answers like a router in a region; `broken` ones answer 503, and `breaks` says from which bundle on."""

    def __init__(self, name: str, runs: Callable[[], str]) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.name = name
        self.runs = runs
        self.breaks: str | None = None
        self.degraded: list[str] = []  # what its answers say was replaced
        self.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answers(BaseHTTPRequestHandler):
    server: Region
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet, which nobody waits to confirm

    def do_GET(self) -> None:
        health = {"status": "healthy", "dependencies": {}}
        self.say(200, json.dumps(health if self.path.endswith("health") else {"region": self.server.name}))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.server.breaks and self.server.breaks in self.server.runs():
            self.say(503, "{}")
        elif body == b"{":
            self.say(400, '{"error": {"code": "INVALID_JSON"}}')
        elif self.headers["accept"] == "text/event-stream":
            self.say(200, "event: done\ndata: {}\n\n")
        else:
            self.say(200, json.dumps({"content": "An answer.", "metadata": {"degraded": self.server.degraded}}))

    def say(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class Google:
    """What Google's REST interfaces say to a release: images, builds, services, counts. A build takes two looks."""

    def __init__(self, running: Callable[[str, str], str | None]) -> None:
        self.running = running
        self.images: set[str] = set()
        self.submitted: list[dict[str, Any]] = []
        self.looks: dict[str, int] = {}
        self.unbuildable = ""
        self.unready = ""  # a region whose newest revision does not come up
        self.gone = ""  # a region whose services are not there any more
        self.fails: dict[str, int] = {}  # the status that an interface answers with, by the first word of its host
        self.warns = ""  # of a base image
        self.endless = False  # builds
        self.counted: dict[str, int] = {}
        self.p95: dict[str, list[float]] = {}  # by region: before the release, and while it is watched
        self.asked: list[httpx2.Request] = []

    def cloud(self) -> Cloud:
        client = httpx2.Client(transport=httpx2.MockTransport(self.answer))
        return Cloud(client, "ion-mentoring-dev", lambda: "token", sleep=lambda _: None)

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        status = self.fails.get(request.url.host.partition(".")[0])
        if status:
            return httpx2.Response(status, json={"error": {"message": "it is out of order"}})
        ways: Mapping[str, Callable[[httpx2.Request], httpx2.Response]] = {
            "artifactregistry.googleapis.com": self.tag,
            "cloudbuild.googleapis.com": self.operation,
            "monitoring.googleapis.com": self.series,
            "run.googleapis.com": self.submit if request.method == "POST" else self.service,
        }
        return ways[request.url.host](request)

    def tag(self, request: httpx2.Request) -> httpx2.Response:
        found = re.search(r"/packages/([^/]+)/tags/([^/]+)$", request.url.path)
        assert found
        there = any(image.endswith(f"/{found[1]}:{found[2]}") for image in self.images)
        return httpx2.Response(200, json={"name": request.url.path}) if there else missing()

    def submit(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content)
        self.submitted.append(body)
        name = f"projects/p/locations/r/operations/{len(self.submitted)}"
        self.looks[name] = 0
        build = {"id": str(len(self.submitted)), "logUrl": f"https://log/{len(self.submitted)}"}
        operation = {"name": name, "metadata": {"build": build}}
        return httpx2.Response(200, json={"buildOperation": operation, "baseImageWarning": self.warns})

    def operation(self, request: httpx2.Request) -> httpx2.Response:
        name = request.url.path.removeprefix("/v1/")
        self.looks[name] += 1
        if self.looks[name] < 2 or self.endless:
            return httpx2.Response(200, json={"name": name})
        body = self.submitted[int(name.rpartition("/")[2]) - 1]
        if self.unbuildable and self.unbuildable in body["imageUri"]:
            error = {"code": 2, "message": "Build failed: step exited with 51"}
            return httpx2.Response(200, json={"name": name, "done": True, "error": error})
        self.images.add(body["imageUri"])
        return httpx2.Response(200, json={"name": name, "done": True, "response": {"status": "SUCCESS"}})

    def service(self, request: httpx2.Request) -> httpx2.Response:
        found = re.search(r"/locations/([^/]+)/services/ion-([^/]+)$", request.url.path)
        assert found
        bundle = self.running(found[1], found[2].replace("-", "_"))
        if bundle is None or found[1] == self.gone:
            return missing()
        ready = "1" if found[1] == self.unready else "2"
        told = {"template": {"labels": {"bundle": digest(bundle)}}, "latestCreatedRevision": "2", "latestReadyRevision": ready}
        return httpx2.Response(200, json={**told, "terminalCondition": {"message": "" if ready == "2" else "it did not start"}})

    def series(self, request: httpx2.Request) -> httpx2.Response:
        if "request_latencies" in request.url.params["filter"]:
            series = [
                {"resource": {"labels": {"location": name}}, "points": [{"value": {"doubleValue": told.pop(0)}}]}
                for name, told in self.p95.items()
            ]
            return httpx2.Response(200, json={"timeSeries": series})
        series = [
            {"metric": {"labels": {"response_code_class": name}}, "points": [{"value": {"int64Value": str(count)}}]}
            for name, count in self.counted.items()
        ]
        return httpx2.Response(200, json={"timeSeries": series} if series else {})


def missing() -> httpx2.Response:
    return httpx2.Response(404, json={"error": {"code": 404, "message": "Requested entity was not found."}})


class World:
    """Two regions, a bucket, the cloud, and a person who reads. `running` tells a function's bundle in a region."""

    def __init__(
        self, root: Path, stack: Any, shelf: ReleaseRegistry, running: Callable[[str, str], str | None], buckets: Path
    ) -> None:
        self.root = root
        self.stack = stack
        self.shelf = shelf
        self.buckets = buckets
        self.said: list[str] = []
        self.google = Google(running)
        self.regions = {name: Region(name, partial(self.running, name)) for name in REGIONS}
        self.client = httpx2.Client(timeout=10)
        self.address = ""  # where the one address is asked, if not at home
        self.loaded: list[str | None] = []  # the regions that got a load
        self.too_much = ""  # why a region does not bear it

    def __enter__(self) -> "World":
        for region in self.regions.values():
            Thread(target=region.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for region in self.regions.values():
            region.shutdown()
            region.server_close()
        self.client.close()

    def running(self, region: str) -> str:
        """The router's bundle there."""
        return self.google.running(region, "router") or ""

    def bundles(self, digest: str, *names: str) -> list[Path]:
        folder = self.root / "bundles" / digest
        folder.mkdir(parents=True, exist_ok=True)
        files = [folder / f"{name}-{digest}.zip" for name in names or ("router", "lua")]
        for file in files:
            with zipfile.ZipFile(file, "w") as bundle:  # with one date, so the same bytes each time
                bundle.writestr(
                    zipfile.ZipInfo("requirements.txt"), f"httpx2==2.{digest[-1]} \\\n    --hash=sha256:{digest * 4}\n"
                )
        return files

    def deployment(self, care: RolloutPolicy = CARE) -> Deployment:
        def asking(_: str, region: str | None) -> Target:
            url = self.address if self.address and not region else self.regions[region or HOME].url
            return Target(self.client, url, region)

        def bears(target: Target, _: Callable[[str], object]) -> str | None:
            self.loaded.append(target.region)
            return self.too_much or None

        return Deployment(self.stack, self.shelf, self.google.cloud(), asking, care, bears, self.said.append)

    def deploy(
        self, digest: str, approved: Proposal | None = None, care: RolloutPolicy = CARE, files: Sequence[Path] = ()
    ) -> None:
        files = files or self.bundles(digest)
        self.deployment(care).deploy(f"commit-{digest[-1]}", files, by_function(files), approved)


class Imagined:
    """Terraform as far as a release sees it, for what only the order decides: what runs where, and every step."""

    def __init__(self) -> None:
        self.runs: dict[str, dict[str, str]] = {}
        self.steps: list[str] = []
        self.fails: list[str] = []  # sentences, one for each apply that is still to fail
        self.rights = False
        self.loses: list[tuple[str, str]] = []  # addresses and types that a plan would destroy
        self.then: Callable[[], object] = lambda: None  # after the next apply

    def running(self, region: str, function: str) -> str | None:
        return self.runs.get(region, {}).get(function)

    project = "ion-mentoring-dev"

    def init(self) -> None:
        """Nothing to get."""

    def destroy(self, _: Mapping[str, Any]) -> None:
        self.runs.clear()

    def outputs(self) -> Places:
        return PLACES if self.runs else Places({}, "", "")

    def plan(self, release: Mapping[str, Any], targets: Sequence[str] = (), *, refresh: bool = True) -> Planned:
        named = {region for region in REGIONS if any(f'"{region}"' in target for target in targets)}
        reached = release["regions"] or REGIONS
        wanted = {}
        for region in named or set(REGIONS):
            old = {} if region in reached else release["previous"]
            wanted[region] = {name: old.get(name, bundle) for name, bundle in release["bundles"].items()}
        moved = [region for region in REGIONS if region in wanted and self.runs.get(region) != wanted[region]]
        functions = [
            Change(f'module.ion.module.region["{region}"].this', "google_cloud_run_v2_service", ("update",)) for region in moved
        ]
        rights = [Change("x", "google_service_account_iam_member", ("create",))] if self.rights else []
        lost = [Change(address, kind, ("delete",)) for address, kind in self.loses]
        told = {"wanted": wanted, "moved": moved, **self.before()}
        return Planned(Path("plan"), (*functions, *rights, *lost), PLACES, told)

    def before(self) -> dict[str, Any]:
        """What there is, as far as a refusal looks at it: clients are led to every region."""
        groups = [address for address, kind in self.loses if "network_endpoint_group" in kind]
        there = [{"address": one, "change": {"before": {"id": "group", "region": HOME}}} for one in groups]
        led = {
            "address": "m.edge.google_compute_backend_service.router",
            "change": {"before": {"backend": [{"group": "group"}]}},
        }
        return {"resource_changes": [*there, led]}

    def apply(self, planned: Planned) -> None:
        self.steps.append(f"apply to {', '.join(planned.told['moved']) or 'none'}")
        self.runs |= planned.told["wanted"]
        then, self.then = self.then, lambda: None
        then()
        if self.fails:
            raise UserError(self.fails.pop())
