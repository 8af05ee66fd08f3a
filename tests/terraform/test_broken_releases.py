"""A release in a situation that is broken says one sentence about it, and leaves what runs as the sentence says."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from infra.release import by_function
from infra.releasing.deployment import RolloutPolicy
from infra.releasing.registry import Proposal
from infra.user_error import UserError
from tests.terraform.world import CANARY, CARE, HOME, NEW, OLD, REGIONS, THIRD, World

Breaks = Callable[[World], object]
LOCK = "ion-mentoring-dev-bundles/releases/dev.lock"
RECORD = "ion-mentoring-dev-bundles/releases/dev.json"
OTHER = {"commit": "commit-9", "by": "kim on a laptop", "since": "2026-11-28T10:00:00+00:00", "build": None}
TAKEN_BACK = r"the release was taken back, the functions of commit-2 run again in "


@dataclass(frozen=True, slots=True)
class Situation:
    """What is broken, what is done then, the sentence, and what runs afterwards in the canary's region and at home."""

    breaks: Breaks
    says: str
    runs: tuple[str, str] = (NEW, NEW)
    does: Breaks = lambda world: world.deploy(THIRD)


def sets(what: str, **values: Any) -> Breaks:
    """Sets attributes of a part of the world, or of the world itself."""

    def breaks(world: World) -> None:
        part = {"canary": world.regions[CANARY], "home": world.regions[HOME], "world": world}.get(what) or getattr(world, what)
        for name, value in values.items():
            setattr(part, name, value)

    return breaks


def writes(name: str, text: str) -> Breaks:
    """Puts other bytes into the bucket."""

    def breaks(world: World) -> None:
        (world.buckets / name).parent.mkdir(parents=True, exist_ok=True)
        (world.buckets / name).write_text(text)

    return breaks


def after_the_canary(breaks: Breaks) -> Breaks:
    """Breaks it once the first apply is done."""

    def later(world: World) -> None:
        world.stack.then = lambda: breaks(world)

    return later


def deploys(care: RolloutPolicy = CARE, approved: Proposal | None = None) -> Breaks:
    return lambda world: world.deploy(THIRD, approved, care)


def goes_back(commit: str) -> Breaks:
    return lambda world: world.deployment().roll_back(commit)


def takes_over(world: World) -> None:
    lock = world.buckets / LOCK
    lock.unlink()
    lock.write_text(json.dumps(OTHER))


NOTHING: Breaks = lambda world: None  # noqa: E731 - a value of the table
FAR = RolloutPolicy(canary="mars")
SITUATIONS = {
    "the canary does not answer": Situation(sets("canary", breaks=THIRD), f"{TAKEN_BACK}{CANARY}: {CANARY} is not well"),
    "home does not answer": Situation(sets("home", breaks=THIRD), f"{TAKEN_BACK}{CANARY}, {HOME}: {HOME} is not well"),
    "the canary's answers are substitutes": Situation(sets("canary", degraded=["model"]), f"{CANARY} is not well"),
    "everybody's answers are errors": Situation(
        sets("google", counted={"2xx": 900, "5xx": 100}), r"100 of 1000 answers were errors \(10.0%, allowed 1%\)"
    ),
    "the canary became slow": Situation(
        sets("google", p95={CANARY: [400.0, 1400.0], HOME: [300.0, 310.0]}),
        f"{TAKEN_BACK}{CANARY}: .*its P95 went from 400 to 1400 ms, and the others' 1.0 times as long",
    ),
    "a revision does not start": Situation(sets("google", unready=CANARY), f"{TAKEN_BACK}{CANARY}|and the way back"),
    "a service is gone": Situation(sets("google", gone=CANARY), f"{CANARY} may run the new release, the others run commit-2"),
    "the way back is not well either": Situation(
        sets("canary", breaks="router"), f"and the way back: {CANARY} is not well\n{CANARY} may run the new release"
    ),
    "the one address does not answer": Situation(
        sets("world", address="http://127.0.0.1:9"), f"{TAKEN_BACK}{CANARY}, {HOME}: http://all is not well"
    ),
    "another release is on its way": Situation(
        writes(LOCK, json.dumps(OTHER)),
        r"another release is on its way: commit-9 by kim on a laptop, since 2026-11-28T10:00:00.* If nobody .*storage rm",
    ),
    "a lock of an older form": Situation(writes(LOCK, '"commit-9"'), "another release is on its way: commit-9. If nobody"),
    "another release took over": Situation(
        after_the_canary(takes_over), "lock of this release was taken away, and commit-9 by kim .*: nothing more", (THIRD, NEW)
    ),
    "somebody took the lock away": Situation(
        after_the_canary(lambda world: (world.buckets / LOCK).unlink()), "taken away, and nobody holds it", (THIRD, NEW)
    ),
    "other bytes under a bundle's name": Situation(
        writes(f"ion-mentoring-dev-bundles/router-{THIRD}.zip", "else"),
        f"other bytes than this commit builds under router-{THIRD}",
    ),
    "a record that is no JSON": Situation(writes(RECORD, "{"), "releases/dev.json is no JSON"),
    "a record of another form": Situation(writes(RECORD, '{"release": 1}'), "releases/dev.json is no record of a release"),
    "proposed on top of something else": Situation(
        NOTHING, "was proposed on top of commit-1, and commit-2 runs", does=deploys(approved=Proposal("commit-1", {}))
    ),
    "more than was approved": Situation(
        NOTHING, "this changes more than was approved: module.ion", does=deploys(approved=Proposal("commit-2", {}))
    ),
    "nothing was proposed": Situation(
        NOTHING, "nothing was proposed for commit abc: make propose env=dev", does=lambda world: world.shelf.approved("abc")
    ),
    "the database would go": Situation(
        sets("stack", loses=[("x.database", "google_firestore_database")]),
        "would destroy what nobody can bring back: x.database",
    ),
    "a region would go to which clients are led": Situation(
        sets(
            "stack",
            loses=[("r.google_compute_region_network_endpoint_group.router", "google_compute_region_network_endpoint_group")],
        ),
        f"this would destroy {HOME} while clients are led there: deploy it as drained first",
    ),
    "an image cannot be built": Situation(
        sets("google", unbuildable="lua"), f"lua-{THIRD}.zip could not be built: Build failed"
    ),
    "a build does not end": Situation(sets("google", endless=True), f"the image of \\w+-{THIRD}.zip was not built within"),
    "Cloud Run takes no builds": Situation(sets("google", fails={"run": 429}), "run.googleapis.com answered 429: it is out of"),
    "nobody knows which images there are": Situation(
        sets("google", fails={"artifactregistry": 503}), "artifactregistry.googleapis.com answered 503"
    ),
    "builds cannot be looked at": Situation(
        sets("google", fails={"cloudbuild": 403}), "cloudbuild.googleapis.com answered 403"
    ),
    "nobody counts answers": Situation(
        sets("google", fails={"monitoring": 503}), f"{TAKEN_BACK}{CANARY}: monitoring.googleapis.com answered 503"
    ),
    "an apply ends half-way": Situation(sets("stack", fails=["quota exceeded"]), f"{TAKEN_BACK}{CANARY}: quota exceeded"),
    "an apply ends half-way, and so does the way back": Situation(
        sets("stack", fails=["still denied", "denied"]), f"denied; and the way back: still denied\n{CANARY} may run"
    ),
    "a canary that is no region": Situation(
        NOTHING, "the canary mars is none of the set's regions; it has europe-west1, us-central1", does=deploys(FAR)
    ),
    "without a region that is none": Situation(
        NOTHING, "not without mars: the set has", does=deploys(replace(CARE, without=frozenset({"mars"})))
    ),
    "without all regions": Situation(
        NOTHING, "not without .*: the set has", does=deploys(replace(CARE, without=frozenset(REGIONS)))
    ),
    "back from another configuration": Situation(
        NOTHING, "the configuration of commit-2 runs, and this is abc-dirty: git checkout commit-2", does=goes_back("abc-dirty")
    ),
    "the canary does not bear its load": Situation(
        sets("world", too_much="process: P95 was 9000 ms; less than 8000 ms was promised."),
        f"{TAKEN_BACK}{CANARY}: {CANARY} does not bear its load: process: P95 was 9000 ms",
    ),
    "back, and a region is not well then": Situation(
        sets("home", breaks=OLD), f"{HOME} is not well", (OLD, OLD), goes_back("commit-2")
    ),
    "back, and the state knows nothing": Situation(
        sets("stack", runs={}), "Terraform's state knows of no region", ("", ""), goes_back("commit-2")
    ),
}


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_broken_release_says_so_and_leaves_what_it_says(name: str, released: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.releasing.builds.PATIENCE_S", 0.0 if released.google.endless or "does not end" in name else 60.0)
    situation = SITUATIONS[name]
    before = (released.buckets / RECORD).read_text()
    situation.breaks(released)
    with pytest.raises(UserError) as refusal:
        situation.does(released)
    assert re.search(situation.says, str(refusal.value)), refusal.value
    assert tuple(_digest(released, region) for region in (CANARY, HOME)) == situation.runs
    lock = released.buckets / LOCK
    assert not lock.exists() or "commit-9" in lock.read_text(), "it leaves no lock but another's"
    if "record" not in name and situation.runs == (NEW, NEW) and "way back" not in str(refusal.value):
        assert json.loads((released.buckets / RECORD).read_text()) == json.loads(before), "what runs is what is written down"


def _digest(world: World, region: str) -> str:
    return world.running(region).removesuffix(".zip").rpartition("-")[2]


def test_there_are_thirty_of_them() -> None:
    assert len(SITUATIONS) >= 30


def test_the_interfaces_of_the_cloud_are_not_there(released: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GCLOUD_DENIES", "1")
    with pytest.raises(UserError, match="403: denied"):
        released.deploy(THIRD)
    with pytest.raises(UserError, match="gcloud storage cp failed"):
        released.shelf.put(released.bundles(OLD))
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UserError, match="gcloud: No such file or directory"):
        released.deploy(THIRD)
    assert released.stack.runs[HOME] == by_function(released.bundles(NEW))
