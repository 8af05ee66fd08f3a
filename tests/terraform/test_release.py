"""Releases go around region by region, and back if one is not well: by Terraform itself, to regions that can be broken."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Set
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import pytest

from infra.refusal import Refused
from infra.release import Care, Deployment, by_function, main
from infra.releasing.promise import Kept, Monitoring, utc_now, watch
from infra.releasing.shelf import Record, Shelf
from infra.releasing.smoke import Target
from infra.releasing.stack import TERRAFORM, Planned, Stack
from tests.terraform.conftest import FUNCTIONS, REPOSITORY

REGIONS = ("europe-west1", "us-central1")
CANARY = "us-central1"  # the last by name
OLD, NEW, THIRD = ("0" * 15 + last for last in "123")


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
    """A set of two regions, a bucket, a monitoring that counts what it is told, and a person who reads. Stops its servers."""

    def __init__(self, root: Path, stack: Any, shelf: Shelf, running: Callable[[str], str], buckets: Path) -> None:
        self.root = root
        self.stack = stack
        self.shelf = shelf
        self.running = running
        self.buckets = buckets
        self.said: list[str] = []
        self.regions = {name: Region(name, partial(running, name)) for name in REGIONS}
        self.client = httpx2.Client(timeout=10)
        self.counted: dict[str, int] = {}
        self.monitoring = Monitoring(
            httpx2.Client(transport=httpx2.MockTransport(self._count)), "p", lambda: "token", "http://monitoring"
        )

    def __enter__(self) -> "World":
        for region in self.regions.values():
            Thread(target=region.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for region in self.regions.values():
            region.shutdown()
            region.server_close()
        self.client.close()
        self.monitoring.client.close()

    def _count(self, _: httpx2.Request) -> httpx2.Response:
        series = [
            {"metric": {"labels": {"response_code_class": name}}, "points": [{"value": {"int64Value": str(count)}}]}
            for name, count in self.counted.items()
        ]
        return httpx2.Response(200, json={"timeSeries": series} if series else {})

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

    def deploy(self, digest: str, approved: dict[str, list[str]] | None = None) -> None:
        care = Care(watched_s=0.2, patience_s=0, every_s=0.05)
        self.deployment().deploy(f"commit-{digest[-1]}", self.bundles(digest), care, approved)


def shrunk(root: Path) -> Path:
    """The repository with two functions, and dev with two regions."""
    (root / TERRAFORM / "functions.json").write_text(json.dumps({name: FUNCTIONS[name] for name in ("router", "lua")}))
    env = root / TERRAFORM / "envs/dev/main.tf"
    env.write_text("".join(line for line in env.read_text().splitlines(keepends=True) if "asia-northeast3" not in line))
    return root


def running_in(state: Path, region: str) -> str:
    """The router's bundle that Terraform's state says runs there."""
    address = f'module.ion.module.region["{region}"].module.router["router"]'
    resources = json.loads(state.read_text())["resources"]
    (found,) = [one for one in resources if one.get("module") == address and one["type"] == "google_cloud_run_v2_service"]
    return str(found["instances"][0]["attributes"]["build_config"][0]["source_location"])


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """A bucket by the stand-in of the Google Cloud CLI."""
    (tmp_path / "bin").mkdir()
    shutil.copy(Path(__file__).parent / "gcloud", tmp_path / "bin/gcloud")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("GCLOUD_STAND_IN", str(tmp_path / "buckets"))
    return Shelf("ion-mentoring-dev", "dev")


@pytest.fixture
def world(copy: Path, planning: str, shelf: Shelf, tmp_path: Path) -> Iterator[World]:
    """Everything by Terraform itself."""
    stack = Stack(shrunk(copy), "dev", terraform=planning, offline=True)
    state = copy / "build/offline" / TERRAFORM / "envs/dev/terraform.tfstate"
    with World(copy, stack, shelf, partial(running_in, state), tmp_path / "buckets") as made:
        yield made


@pytest.mark.slow
def test_a_release_goes_around_and_is_taken_back_if_it_is_not_well(world: World) -> None:
    """One set through its first release, a good one and a bad one."""
    world.deploy(OLD)
    assert world.shelf.current() == Record("commit-1", by_function(world.bundles(OLD)), {})
    assert not any("canary" in said for said in world.said)  # nothing ran before: nothing to protect
    assert all((world.buckets / "ion-mentoring-dev-bundles" / file.name).is_file() for file in world.bundles(OLD))

    world.said.clear()
    world.deploy(NEW)
    current = world.shelf.current()
    assert current == Record("commit-2", by_function(world.bundles(NEW)), by_function(world.bundles(OLD)))
    order = [said for said in world.said if said.startswith(("\n==", "us-central1 keeps"))]
    assert [said.split(":")[0] for said in order] == ["\n== canary", "us-central1 keeps the promise", "\n== all regions"]

    world.said.clear()
    world.regions[CANARY].breaks = THIRD
    with pytest.raises(Refused, match="taken back, commit-2 runs again: us-central1 is not well"):
        world.deploy(THIRD)
    assert world.shelf.current() == current
    assert all(NEW in world.running(region) for region in REGIONS)
    assert not any("== all regions" in said for said in world.said)

    lost = Care(watched_s=0.2, patience_s=0, every_s=0.05, without=frozenset({CANARY}))
    world.regions["europe-west1"].breaks = world.regions[CANARY].breaks = None
    world.deployment().deploy("commit-4", world.bundles(THIRD), lost, None)
    assert THIRD in world.running("europe-west1")
    assert NEW in world.running(CANARY)
    for none in ({"mars"}, set(REGIONS)):
        with pytest.raises(Refused, match=r"not without .*: the set has europe-west1, us-central1"):
            world.deployment().roll_back(world.bundles(NEW), Care(patience_s=0, without=frozenset(none)))


class Unbuilt:
    """Terraform as far as a release sees it, for what only the order decides: what runs where, and every step."""

    def __init__(self) -> None:
        self.runs: dict[str, Mapping[str, str]] = {}
        self.steps: list[str] = []

    def init(self) -> None:
        """Nothing to get."""

    def plan(self, release: Mapping[str, Any], without: Set[str] = frozenset()) -> Planned:
        reached = release["regions"] or REGIONS
        wanted = {region: release["bundles"] if region in reached else release["previous"] for region in REGIONS}
        return Planned(Path("plan"), (), {region: f"http://{region}" for region in REGIONS}, {"wanted": wanted})

    def apply(self, planned: Planned) -> None:
        moved = [region for region in REGIONS if self.runs.get(region) != planned.told["wanted"][region]]
        self.runs = dict(planned.told["wanted"])
        self.steps.append(f"apply to {', '.join(moved) or 'none'}")


@pytest.fixture
def unbuilt(shelf: Shelf, tmp_path: Path) -> Iterator[World]:
    """The same world above a Terraform that is none."""
    stack = Unbuilt()
    with World(tmp_path, stack, shelf, lambda region: stack.runs[region]["router"], tmp_path / "buckets") as made:
        yield made


@pytest.fixture
def running(unbuilt: World) -> World:
    """After two releases."""
    unbuilt.deploy(OLD)
    unbuilt.deploy(NEW)
    unbuilt.stack.steps.clear()
    return unbuilt


def steps(world: World) -> list[str]:
    assert isinstance(world.stack, Unbuilt)
    return world.stack.steps


def test_a_canary_that_is_not_well_keeps_the_others_as_they_were(running: World) -> None:
    running.regions[CANARY].breaks = THIRD
    with pytest.raises(Refused, match="taken back, commit-2 runs again: us-central1 is not well"):
        running.deploy(THIRD)
    assert steps(running) == ["apply to us-central1", "apply to us-central1"]
    assert all(NEW in running.running(region) for region in REGIONS)


def test_a_region_that_is_not_well_after_the_canary_was_takes_all_of_it_back(running: World) -> None:
    running.regions["europe-west1"].breaks = THIRD
    with pytest.raises(Refused, match="taken back, commit-2 runs again: europe-west1 is not well"):
        running.deploy(THIRD)
    assert steps(running) == ["apply to us-central1", "apply to europe-west1", "apply to europe-west1, us-central1"]
    assert all(NEW in running.running(region) for region in REGIONS)


def test_a_canary_that_does_not_keep_its_promise_is_taken_back(running: World) -> None:
    running.counted = {"2xx": 900, "5xx": 100}
    with pytest.raises(Refused, match=r"100 of 1000 answers were errors \(10.0%, allowed 1%\)"):
        running.deploy(THIRD)
    assert all(NEW in running.running(region) for region in REGIONS)
    current = running.shelf.current()
    assert current
    assert current.commit == "commit-2"


def test_a_way_back_that_is_not_well_either_says_so(running: World) -> None:
    running.regions[CANARY].breaks = "router"
    with pytest.raises(Refused, match="us-central1 is not well"):
        running.deploy(THIRD)


def test_going_back_by_hand_runs_what_ran_before_and_once_only(running: World) -> None:
    running.deployment().roll_back(running.bundles(NEW), Care(patience_s=0))
    assert all(OLD in running.running(region) for region in REGIONS)
    with pytest.raises(Refused, match="no release before"):
        running.deployment().roll_back(running.bundles(NEW), Care(patience_s=0))


def test_a_function_that_is_new_keeps_its_bundle_when_the_others_go_back(running: World) -> None:
    assert isinstance(running.stack, Unbuilt)
    sena = running.root / f"sena-{THIRD}.zip"
    sena.write_bytes(b"new")
    running.regions[CANARY].breaks = THIRD
    with pytest.raises(Refused, match="commit-2 runs again"):
        running.deployment().deploy("commit-3", [*running.bundles(THIRD), sena], Care(patience_s=0), None)
    assert running.stack.runs[CANARY] == {**by_function(running.bundles(NEW)), "sena": sena.name}


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


def test_a_canary_that_is_no_region_is_refused_before_anything_is_made(running: World) -> None:
    with pytest.raises(Refused, match="the canary mars is none of the set's regions"):
        running.deployment().deploy("c", running.bundles(OLD), Care(canary="mars", patience_s=0), None)
    assert steps(running) == []


def test_what_the_bucket_refuses_is_told(unbuilt: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GCLOUD_DENIES", "1")
    with pytest.raises(Refused, match="403: denied"):
        unbuilt.shelf.current()
    with pytest.raises(Refused, match="gcloud storage cp failed"):
        unbuilt.shelf.put(unbuilt.bundles(OLD))


def test_a_proposal_is_kept_for_whoever_approves_it(unbuilt: World) -> None:
    changes = {"module.ion.x": ["create"]}
    unbuilt.shelf.propose("abc", changes)
    assert unbuilt.shelf.approved("abc") == changes
    with pytest.raises(Refused, match="nothing was proposed for commit def"):
        unbuilt.shelf.approved("def")


def test_a_region_is_watched_by_questions_of_our_own_and_by_everybody_s(unbuilt: World) -> None:
    region = unbuilt.regions[CANARY]
    unbuilt.counted = {"2xx": 900, "4xx": 50, "5xx": 50}
    target = Target(unbuilt.client, region.url, CANARY)
    kept = watch(target, unbuilt.monitoring, 0.3, 0.05, now=utc_now, sleep=time.sleep)
    assert kept.asked >= 2
    assert (kept.failed, kept.answers, kept.errors) == (0, 1000, 50)
    assert kept.wrong == "50 of 1000 answers were errors (5.0%, allowed 1%)"
    region.runs, region.breaks = (lambda: "new"), "new"
    assert watch(target, unbuilt.monitoring, 0.3, 0.05, now=utc_now, sleep=time.sleep).failed >= 2


def test_a_monitoring_that_does_not_answer_is_no_good_sign(unbuilt: World) -> None:
    nobody = Monitoring(unbuilt.client, "p", lambda: "token", "http://127.0.0.1:9")
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
