"""Releases go around region by region, and back if one is not well: by Terraform itself, to regions that can be broken."""

import json
import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from infra.release import by_function, commit_of, main
from infra.releasing.deployment import canary_of
from infra.releasing.registry import Proposal, Record, ReleaseRegistry
from infra.releasing.slo import Kept, requests, utc_now, watch
from infra.releasing.smoke import Target
from infra.releasing.stack import TERRAFORM, Change, Places, Planned, Stack
from infra.releasing.upkeep import take_away
from infra.user_error import UserError
from tests.gcloud_cli import gcloud_tree, unknown
from tests.terraform.conftest import FUNCTIONS, REPOSITORY, copied
from tests.terraform.world import CANARY, CARE, HOME, NEW, OLD, PLACES, REGIONS, THIRD, Imagined, World


def shrunk(root: Path) -> Path:
    """The repository with two functions, and dev with two regions."""
    (root / TERRAFORM / "functions.json").write_text(json.dumps({name: FUNCTIONS[name] for name in ("router", "lua")}))
    env = root / TERRAFORM / "envs/dev/main.tf"
    env.write_text("".join(line for line in env.read_text().splitlines(keepends=True) if "asia-northeast3" not in line))
    return root


def running_in(state: Path, region: str, function: str) -> str | None:
    """The bundle that Terraform's state says a function runs there."""
    if not state.exists():
        return None
    addresses = [f'module.ion.module.region["{region}"].module.{kind}["{function}"]' for kind in ("router", "persona")]
    for one in json.loads(state.read_text())["resources"]:
        if one.get("module") in addresses and one["type"] == "google_cloud_run_v2_service":
            return str(one["instances"][0]["attributes"]["build_config"][0]["source_location"]).rpartition("/")[2]
    return None


def setting(root: Path, before: str, after: str) -> None:
    """Changes what dev's functions are told, beside their bundles."""
    env = root / TERRAFORM / "envs/dev/main.tf"
    text = env.read_text()
    assert before in text
    env.write_text(text.replace(before, after))


def noted(stack: Stack) -> list[set[str]]:
    """The places that each apply from now on changes something in."""
    seen: list[set[str]] = []
    apply = stack.apply

    def applied(planned: Planned) -> None:
        seen.append({one.place for one in planned.changes})
        apply(planned)

    stack.apply = applied  # type: ignore[method-assign]
    return seen


@pytest.fixture
def world(planning: str, shelf: ReleaseRegistry, tmp_path: Path) -> Iterator[World]:
    """Everything by Terraform itself."""
    copy = copied(tmp_path / "repository")
    stack = Stack(shrunk(copy), "dev", terraform=planning, offline=True)
    state = copy / "build/offline" / TERRAFORM / "envs/dev/terraform.tfstate"
    with World(copy, stack, shelf, lambda region, name: running_in(state, region, name), tmp_path / "buckets") as made:
        yield made


@pytest.mark.slow
def test_a_first_release_goes_to_all_regions_at_once(world: World) -> None:
    world.deploy(OLD)
    assert world.shelf.current() == Record("commit-1", by_function(world.bundles(OLD)), {})
    assert not any("canary" in said for said in world.said)  # nothing ran before: nothing to protect
    assert all((world.buckets / "ion-mentoring-dev-bundles" / file.name).is_file() for file in world.bundles(OLD))
    assert all(OLD in world.running(region) for region in REGIONS)


@pytest.mark.proof
def test_a_release_goes_around_and_is_taken_back_if_it_is_not_well(world: World) -> None:
    """One set through its first release, a good one and a bad one."""
    world.deploy(OLD)
    world.said.clear()
    world.deploy(NEW)
    current = world.shelf.current()
    assert current == Record("commit-2", by_function(world.bundles(NEW)), by_function(world.bundles(OLD)))
    order = [said for said in world.said if said.startswith(("\n==", f"{CANARY} keeps"))]
    assert [said.split(":")[0] for said in order] == ["\n== canary", f"{CANARY} keeps the promise", "\n== all regions"]

    world.said.clear()
    world.regions[CANARY].breaks = THIRD
    setting(world.root, "  model = ", '  settings = { RATE_LIMIT_PER_MINUTE = "7" }\n  model = ')
    touched = noted(world.stack)
    with pytest.raises(UserError, match=f"the functions of commit-2 run again in {CANARY}: {CANARY} is not well"):
        world.deploy(THIRD)
    assert touched == [{f'region["{CANARY}"]'}] * 2  # nor has any other region the new setting
    assert world.shelf.current() == current
    assert all(NEW in world.running(region) for region in REGIONS)
    assert not any("== all regions" in said for said in world.said)

    lost = replace(CARE, without=frozenset({CANARY}))
    world.regions[CANARY].breaks = None
    world.deploy(THIRD, care=lost)
    assert THIRD in world.running(HOME)
    assert NEW in world.running(CANARY)
    for none in ({"mars"}, set(REGIONS)):
        with pytest.raises(UserError, match=r"not without .*: the set has europe-west1, us-central1"):
            world.deployment(replace(CARE, without=frozenset(none))).roll_back("commit-3")

    take_away(world.stack, world.shelf, "dev", world.stack.project, {})
    assert not any(world.running(region) for region in REGIONS)


def current(world: World) -> Record:
    record = world.shelf.current()
    assert record
    return record


def test_a_revision_that_does_not_start_is_no_release_though_the_one_before_answers(released: World) -> None:
    released.google.unready = CANARY
    with pytest.raises(UserError, match=f"{CANARY} is not well"):
        released.deploy(THIRD)
    assert "  runs it            lua: it did not start; router: it did not start" in released.said


def test_the_canary_bears_a_load_before_it_is_watched_and_no_other_region_gets_one(released: World) -> None:
    released.said.clear()
    released.deploy(THIRD)
    assert released.loaded == [CANARY]
    steps = [f"{CANARY} gets the load of a canary", f"{CANARY} is watched for {CARE.watched_s:.0f} s"]
    assert [said for said in released.said if said in steps] == steps


def test_the_one_address_is_asked_when_all_regions_are_well(released: World) -> None:
    released.said.clear()
    released.deploy(THIRD)
    asked = [said.removesuffix(":") for said in released.said if said.endswith(":") and "==" not in said]
    assert asked == [CANARY, *REGIONS, PLACES.address]


def test_going_back_by_hand_runs_what_ran_before_and_once_only(released: World) -> None:
    released.deployment().roll_back("commit-2")
    assert all(OLD in released.running(region) for region in REGIONS)
    assert current(released).name == "before commit-2"
    with pytest.raises(UserError, match="no release before"):
        released.deployment().roll_back("commit-2")


def test_going_back_is_recorded_even_if_a_region_is_not_well_then(released: World) -> None:
    released.regions[HOME].breaks = OLD
    with pytest.raises(UserError, match=f"{HOME} is not well"):
        released.deployment().roll_back("commit-2")
    assert current(released).bundles == by_function(released.bundles(OLD))
    released.regions[HOME].breaks = None
    released.stack.steps.clear()
    released.deploy(THIRD)
    assert released.stack.steps == [f"apply to {CANARY}", f"apply to {HOME}"]


def test_a_release_that_was_broken_off_is_gone_back_from_to_what_ran(released: World) -> None:
    released.stack.apply = broken_off = BrokenOff(released.stack)
    with pytest.raises(KeyboardInterrupt):
        released.deploy(THIRD)
    assert broken_off.after == f"apply to {CANARY}"
    assert current(released).toward == "commit-3"
    released.stack.apply = broken_off.real
    released.deployment().roll_back("commit-2")
    assert all(NEW in released.running(region) for region in REGIONS)
    assert current(released) == Record("commit-2", by_function(released.bundles(NEW)), by_function(released.bundles(OLD)))


class BrokenOff:
    """Somebody presses Ctrl-C when the first apply is done."""

    def __init__(self, stack: Imagined) -> None:
        self.real = stack.apply
        self.stack = stack
        self.after = ""

    def __call__(self, planned: object) -> None:
        self.real(planned)  # type: ignore[arg-type]
        self.after = self.stack.steps[-1]
        raise KeyboardInterrupt


def test_a_function_that_is_new_keeps_its_bundle_when_the_others_go_back(released: World) -> None:
    files = [*released.bundles(THIRD), *released.bundles(THIRD, "sena")]
    released.regions[CANARY].breaks = THIRD
    with pytest.raises(UserError, match="commit-2 run again"):
        released.deploy(THIRD, files=files)
    assert released.stack.runs[CANARY] == {**by_function(released.bundles(NEW)), "sena": f"sena-{THIRD}.zip"}


def test_a_function_that_went_does_not_come_back_with_the_bundles_of_before(released: World) -> None:
    released.deploy(THIRD, files=released.bundles(THIRD, "router"))
    released.deployment().roll_back("commit-3")
    assert released.stack.runs[HOME] == {"router": f"router-{NEW}.zip"}


def test_a_function_that_failed_while_it_was_made_may_be_made_anew(tmp_path: Path) -> None:
    function, account = (f"module.ion.{kind}.x" for kind in ("google_cloud_run_v2_service", "google_service_account"))
    anew = tuple(Change(one, one.split(".")[2], ("delete", "create")) for one in (function, account))
    planned = Planned(tmp_path / "plan", anew, Places({}, "", ""), {})
    assert planned.beyond({function: ["create"], account: ["create"]}) == (account,)
    assert planned.beyond({account: ["delete", "create"]}) == (function,)


def test_answers_by_a_substitute_are_no_sign_that_a_release_is_well(imagined: World) -> None:
    region = imagined.regions[CANARY]
    region.degraded = ["model"]
    kept = watch(Target(imagined.client, region.url, CANARY), imagined.google.cloud(), 0.3, 0.05, now=utc_now, sleep=time.sleep)
    assert kept.failed == kept.asked >= 2
    assert kept.wrong


def test_the_way_back_changes_functions_and_nothing_else_that_nobody_approved(released: World) -> None:
    planned = released.stack.plan({"bundles": by_function(released.bundles(THIRD)), "previous": {}, "regions": None})
    approved = Proposal("commit-2", {one.address: one.actions for one in planned.changes})
    released.regions[CANARY].breaks = THIRD
    apply = released.stack.apply

    def and_somebody_gives_a_right(planned: object) -> None:
        apply(planned)
        released.stack.rights = True

    released.stack.apply = and_somebody_gives_a_right
    with pytest.raises(UserError, match="the way back: this changes more than was approved: x"):
        released.deploy(THIRD, approved)
    assert current(released).toward == "commit-3"


def test_what_fails_beside_new_rights_is_tried_once_more(released: World) -> None:
    released.stack.rights, released.stack.fails = True, ["actAs denied"]
    released.deploy(THIRD)
    assert released.stack.steps[:2] == [f"apply to {CANARY}", "apply to none"]
    released.stack.rights, released.stack.fails = False, ["quota exceeded"]
    with pytest.raises(UserError, match="quota exceeded"):
        released.deploy(OLD)


def test_nothing_is_deployed_that_was_not_approved(released: World) -> None:
    planned = released.stack.plan({"bundles": by_function(released.bundles(THIRD)), "previous": {}, "regions": None})
    approved = {one.address: list(one.actions) for one in planned.changes}
    for less in (dict(list(approved.items())[1:]), {address: ["delete", "create"] for address in approved}):
        with pytest.raises(UserError, match="more than was approved"):
            released.deploy(THIRD, Proposal("commit-2", less))
    assert released.stack.steps == []
    assert current(released).toward is None
    released.deploy(THIRD, Proposal("commit-2", approved))


def test_a_first_release_that_is_not_well_says_that_there_is_no_way_back(imagined: World) -> None:
    imagined.regions[HOME].breaks = OLD
    with pytest.raises(UserError, match="us-central1 is not well; it is the first release"):
        imagined.deploy(OLD)
    assert imagined.shelf.current() is None


@pytest.mark.parametrize(
    ("regions", "running", "wanted", "first"),
    [
        (["a", "b", "home"], ["a", "b", "home"], None, "b"),
        (["a", "z-home"], ["a", "z-home"], None, "a"),
        (["a", "b", "c"], ["a", "b"], None, "b"),  # c is new
        (["home"], ["home"], None, "home"),
        (["a", "home"], [], None, "a"),
        (["a", "home"], ["a", "home"], "home", "home"),
    ],
)
def test_the_first_region_is_one_that_others_do_not_need(
    regions: list[str], running: list[str], wanted: str | None, first: str
) -> None:
    (home,) = [region for region in regions if "home" in region] or ["a"]
    assert canary_of(Places(dict.fromkeys(regions, ""), home, ""), running, wanted) == first


@pytest.mark.parametrize(("without", "where"), [(set(), HOME), ({HOME}, CANARY)])
def test_images_are_built_at_home_or_where_something_is_left(released: World, without: set[str], where: str) -> None:
    released.deploy(THIRD, care=replace(CARE, without=frozenset(without)))
    paths = [request.url.path for request in released.google.asked if request.url.path.endswith("builds:submit")]
    assert paths == [f"/v2/projects/ion-mentoring-dev/locations/{where}/builds:submit"] * 2


def test_the_bucket_is_asked_in_words_that_the_cli_knows(released: World, monkeypatch: pytest.MonkeyPatch) -> None:
    released.deploy(THIRD)
    released.shelf.propose("abc", Proposal(None, {}))
    said = {" ".join(words.split()[:3]): words.split() for words in (released.buckets / "calls").read_text().splitlines()}
    monkeypatch.setenv("PATH", os.environ["PATH"].partition(":")[2])
    tree = gcloud_tree()
    assert {" ".join(words[:2]) for words in said.values()} == {"storage cat", "storage cp", "storage rm", "storage objects"}
    assert [unknown(tree, words) for words in said.values()] == [None] * len(said)


def test_a_proposal_is_kept_for_whoever_approves_it(imagined: World) -> None:
    proposal = Proposal("commit-1", {"module.ion.x": ["create"]})
    imagined.shelf.propose("abc", proposal)
    assert imagined.shelf.approved("abc") == proposal
    with pytest.raises(UserError, match="nothing was proposed for commit def"):
        imagined.shelf.approved("def")


def test_a_region_is_watched_by_questions_of_our_own_and_by_everybody_s(imagined: World) -> None:
    region = imagined.regions[CANARY]
    imagined.google.counted = {"2xx": 900, "4xx": 50, "5xx": 50}
    target, cloud = Target(imagined.client, region.url, CANARY), imagined.google.cloud()
    kept = watch(target, cloud, 0.3, 0.05, now=utc_now, sleep=time.sleep)
    assert kept.asked >= 2
    assert (kept.failed, kept.answers, kept.errors) == (0, 1000, 50)
    assert kept.wrong == "50 of 1000 answers were errors (5.0%, allowed 1%)"
    region.runs, region.breaks = (lambda: "new"), "new"
    assert watch(target, cloud, 0.3, 0.05, now=utc_now, sleep=time.sleep).failed >= 2


def test_a_monitoring_that_does_not_answer_is_no_good_sign(imagined: World) -> None:
    nobody = replace(imagined.google.cloud(), client=imagined.client, at="http://127.0.0.1:9")
    with pytest.raises(UserError, match=r"monitoring\.googleapis\.com does not answer"):
        requests(nobody, CANARY, utc_now(), utc_now())


@pytest.mark.parametrize(
    ("kept", "wrong"),
    [
        (Kept(40, 0, 0, 0), None),
        (Kept(40, 1, 0, 0), None),  # one of our own may be bad luck
        (Kept(40, 2, 0, 0), "2 of 40 questions of our own failed, or were answered by a substitute"),
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


def test_a_commit_is_called_dirty_when_something_was_changed_since(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COMMIT_SHA", raising=False)
    with pytest.raises(UserError, match="no git checkout"):
        commit_of(tmp_path)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=n", "-c", "user.email=e"]
    (tmp_path / "file").write_text("1")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "m"], ["tag", "-am", "t", "v1"]):
        subprocess.run([*git, *words], check=True)
    clean = commit_of(tmp_path)
    assert len(clean) == 40
    (tmp_path / "file").write_text("2")
    assert commit_of(tmp_path) == f"{clean}-dirty"
    monkeypatch.setenv("COMMIT_SHA", "abc")
    assert commit_of(tmp_path) == "abc"


def test_the_same_tables_and_names_are_meant() -> None:
    """The bundles' names are those that Terraform takes."""
    rule = (REPOSITORY / TERRAFORM / "modules/function/variables.tf").read_text()
    assert "^[a-z0-9_]+-[0-9a-f]{16}\\\\.zip$" in rule
