"""Releases go around region by region, and back if one is not well: by Terraform itself, to regions that can be broken."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx2
import pytest

from infra.promise import Kept, Monitoring, utc_now, watch
from infra.refusal import Refused
from infra.release import Care, Deployment, by_function, main
from infra.shelf import Record, Shelf
from infra.smoke import Target
from infra.stack import TERRAFORM, Stack
from tests.terraform.conftest import FUNCTIONS, REPOSITORY

REGIONS = ("europe-west1", "us-central1")
CANARY = "us-central1"  # the last by name
OLD, NEW = "0" * 15 + "1", "0" * 15 + "2"


class Region(ThreadingHTTPServer):
    """Answers like a router in a region; `broken` ones answer 503, and `breaks` says from which bundle on."""

    def __init__(self, name: str, runs: Callable[[], str]) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.name = name
        self.runs = runs
        self.breaks: str | None = None
        self.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answers(BaseHTTPRequestHandler):
    server: Region
    protocol_version = "HTTP/1.1"

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
            self.say(200, json.dumps({"content": "An answer.", "metadata": {"degraded": []}}))

    def say(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class World:
    """A small set (two regions, two functions), a bucket, a monitoring that counts nothing, and a person who reads."""

    def __init__(self, root: Path, command: str, buckets: Path) -> None:
        self.root = root
        self.buckets = buckets
        self.said: list[str] = []
        self._shrink()
        self.stack = Stack(root, "dev", terraform=command, offline=True)
        self.shelf = Shelf(self.stack.project, "dev")
        self.regions = {name: Region(name, lambda name=name: self.running(name)) for name in REGIONS}  # type: ignore[misc]
        self.client = httpx2.Client(timeout=10)
        self.counted: dict[str, int] = {}
        transport = httpx2.MockTransport(self._count)
        self.monitoring = Monitoring(httpx2.Client(transport=transport), "p", lambda: "token", "http://monitoring")

    def _shrink(self) -> None:
        path = self.root / TERRAFORM / "functions.json"
        path.write_text(json.dumps({name: FUNCTIONS[name] for name in ("router", "lua")}))
        env = self.root / TERRAFORM / "envs/dev/main.tf"
        lines = env.read_text().splitlines(keepends=True)
        env.write_text("".join(line for line in lines if "asia-northeast3" not in line))

    def _count(self, _: httpx2.Request) -> httpx2.Response:
        series = [
            {"metric": {"labels": {"response_code_class": name}}, "points": [{"value": {"int64Value": str(count)}}]}
            for name, count in self.counted.items()
        ]
        return httpx2.Response(200, json={"timeSeries": series} if series else {})

    def running(self, region: str) -> str:
        """The router's bundle that Terraform's state says runs there."""
        state = self.root / "build/offline" / TERRAFORM / "envs/dev/terraform.tfstate"
        resources = json.loads(state.read_text())["resources"]
        address = f'module.ion.module.region["{region}"].module.router["router"]'
        (found,) = [one for one in resources if one.get("module") == address and one["type"] == "google_cloud_run_v2_service"]
        return str(found["instances"][0]["attributes"]["build_config"][0]["source_location"])

    def bundles(self, digest: str) -> list[Path]:
        folder = self.root / "bundles" / digest
        folder.mkdir(parents=True, exist_ok=True)
        files = [folder / f"{name}-{digest}.zip" for name in ("router", "lua")]
        for file in files:
            file.write_bytes(digest.encode())
        return files

    def deployment(self) -> Deployment:
        def asking(_: str, region: str) -> Target:
            return Target(self.client, self.regions[region].url, region)

        return Deployment(self.stack, self.shelf, self.monitoring, asking, self.said.append)

    def deploy(self, digest: str, approved: dict[str, list[str]] | None = None, watched_s: float = 0.2) -> None:
        care = Care(watched_s=watched_s, patience_s=0, every_s=0.05)
        self.deployment().deploy(f"commit-{digest[-1]}", self.bundles(digest), care, approved)


@pytest.fixture
def world(copy: Path, planning: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    (tmp_path / "bin").mkdir()
    shutil.copy(Path(__file__).parent / "gcloud", tmp_path / "bin/gcloud")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("GCLOUD_STAND_IN", str(tmp_path / "buckets"))
    made = World(copy, planning, tmp_path / "buckets")
    threads = [Thread(target=region.serve_forever, daemon=True) for region in made.regions.values()]
    for thread in threads:
        thread.start()
    yield made
    for region in made.regions.values():
        region.shutdown()
        region.server_close()
    made.client.close()


@pytest.mark.slow
def test_a_release_goes_around_and_is_taken_back_if_it_is_not_well(world: World) -> None:
    """One set through its first release, a good one, two bad ones, and a way back by hand."""
    world.deploy(OLD)
    assert world.shelf.current() == Record("commit-1", by_function(world.bundles(OLD)), {})
    assert not any("canary" in said for said in world.said)  # nothing ran before: nothing to protect
    assert all((world.buckets / f"{world.stack.project}-bundles" / file.name).is_file() for file in world.bundles(OLD))

    world.said.clear()
    world.deploy(NEW)
    current = world.shelf.current()
    assert current == Record("commit-2", by_function(world.bundles(NEW)), by_function(world.bundles(OLD)))
    order = [said for said in world.said if said.startswith(("\n==", "us-central1 keeps"))]
    assert [said.split(":")[0] for said in order] == ["\n== canary", "us-central1 keeps the promise", "\n== all regions"]

    third = "0" * 15 + "3"
    world.said.clear()
    world.regions[CANARY].breaks = third
    with pytest.raises(Refused, match="taken back, commit-2 runs again: us-central1 is not well"):
        world.deploy(third)
    assert world.shelf.current() == current
    assert all(NEW in world.running(region) for region in REGIONS)
    assert not any("== all regions" in said for said in world.said)

    world.regions[CANARY].breaks = None
    world.regions["europe-west1"].breaks = third
    with pytest.raises(Refused, match="taken back, commit-2 runs again: europe-west1 is not well"):
        world.deploy(third)
    assert all(NEW in world.running(region) for region in REGIONS)

    world.deployment().roll_back(world.bundles(NEW), Care(patience_s=0))
    assert all(OLD in world.running(region) for region in REGIONS)
    with pytest.raises(Refused, match="no release before"):
        world.deployment().roll_back(world.bundles(NEW), Care(patience_s=0))


@pytest.mark.slow
def test_nothing_is_deployed_that_was_not_approved(world: World) -> None:
    world.stack.init()
    planned = world.stack.plan({"bundles": by_function(world.bundles(OLD)), "previous": {}, "regions": None})
    approved = {one.address: list(one.actions) for one in planned.changes}
    gone = next(address for address in approved if "cloud_run_v2_service.this" in address)
    less = {address: actions for address, actions in approved.items() if address != gone}
    with pytest.raises(Refused, match="more than was approved"):
        world.deploy(OLD, less)
    assert world.shelf.current() is None
    world.deploy(OLD, approved)


@pytest.mark.slow
def test_a_first_release_that_is_not_well_says_that_there_is_no_way_back(world: World) -> None:
    world.regions[CANARY].breaks = OLD
    with pytest.raises(Refused, match="us-central1 is not well; it is the first release"):
        world.deploy(OLD)
    assert world.shelf.current() is None


def test_a_canary_that_is_no_region_is_refused_before_anything_is_made(world: World) -> None:
    with pytest.raises(Refused, match="the canary mars is none of the set's regions"):
        world.deployment().deploy("c", world.bundles(OLD), Care(canary="mars", patience_s=0), None)
    assert not (world.root / "build/offline" / TERRAFORM / "envs/dev/terraform.tfstate").exists()


def test_what_the_bucket_refuses_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GCLOUD_DENIES", "1")
    with pytest.raises(Refused, match="403: denied"):
        world.shelf.current()
    with pytest.raises(Refused, match="gcloud storage cp failed"):
        world.shelf.put(world.bundles(OLD))


def test_a_proposal_is_kept_and_starts_the_build_that_waits(world: World) -> None:
    changes = {"module.ion.x": ["create"]}
    world.shelf.propose("abc", changes)
    world.shelf.start("us-central1", "abc")
    assert world.shelf.approved("abc") == changes
    with pytest.raises(Refused, match="nothing was proposed for commit def"):
        world.shelf.approved("def")
    assert "builds triggers run ion-deploy --region=us-central1 --sha=abc" in (world.buckets / "calls").read_text()


def test_a_region_is_watched_by_questions_of_our_own_and_by_everybody_s(world: World) -> None:
    region = world.regions[CANARY]
    world.counted = {"2xx": 900, "4xx": 50, "5xx": 50}
    target = Target(world.client, region.url, CANARY)
    kept = watch(target, world.monitoring, 0.3, 0.05, now=utc_now, sleep=time.sleep)
    assert kept.asked >= 2
    assert (kept.failed, kept.answers, kept.errors) == (0, 1000, 50)
    assert kept.wrong == "50 of 1000 answers were errors (5.0%, allowed 1%)"
    region.runs, region.breaks = (lambda: "new"), "new"
    assert watch(target, world.monitoring, 0.3, 0.05, now=utc_now, sleep=time.sleep).failed >= 2


def test_a_monitoring_that_does_not_answer_is_no_good_sign(world: World) -> None:
    nobody = Monitoring(world.client, "p", lambda: "token", "http://127.0.0.1:9")
    with pytest.raises(Refused, match="does not say how us-central1 is"):
        nobody.requests(CANARY, utc_now(), utc_now())


@pytest.mark.parametrize(
    ("kept", "wrong"),
    [
        (Kept(40, 0, 0, 0), None),
        (Kept(40, 1, 0, 0), None),  # one of our own may be bad luck
        (Kept(40, 2, 0, 0), "2 of 40 questions of our own failed"),
        (Kept(40, 0, 1000, 10), None),
        (Kept(40, 0, 1000, 11), "11 of 1000 answers were errors (1.1%, allowed 1%)"),
        (Kept(0, 0, 0, 0), "nothing was asked"),
    ],
)
def test_a_promise_is_kept_up_to_its_share_of_errors(kept: Kept, wrong: str | None) -> None:
    assert kept.wrong == wrong


@pytest.mark.parametrize("arguments", [["deploy", "dev", "--offline"], ["deploy", "dev", "--at", "mars"], ["fly", "dev"]])
def test_what_cannot_be_asked_for_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert "error:" in capsys.readouterr().err


@pytest.mark.parametrize("environment", ["nowhere", "../dev"])
def test_an_environment_that_is_none_is_refused(environment: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", environment, "--offline"]) == 1
    assert "there are dev, prod" in capsys.readouterr().err


def test_the_same_tables_and_names_are_meant() -> None:
    """The bundles' names are those that Terraform takes."""
    rule = (REPOSITORY / TERRAFORM / "modules/function/variables.tf").read_text()
    assert "^[a-z0-9_]+-[0-9a-f]{16}\\\\.zip$" in rule
