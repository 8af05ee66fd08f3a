"""Plans and makes releases: one region first, then the rest, and back if it is not well.

`python infra/release.py plan dev [--offline]` shows what would change; `propose` keeps that for whoever approves it;
`deploy` makes it; `roll-back` runs what ran before. docs/runbooks/releasing.md tells when which.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from infra.functions import read_map
from infra.refusal import Refused
from infra.releasing.promise import Monitoring, gcloud_token, monitoring_url, utc_now, watch
from infra.releasing.shelf import Record, Shelf
from infra.releasing.smoke import Target, client, smoke_key, told
from infra.releasing.stack import Planned, Stack, summary

ROOT: Final = Path(__file__).resolve().parent.parent
BUNDLE: Final = re.compile(r"(?P<name>[a-z0-9_]+)-[0-9a-f]{16}\.zip")
AGAIN_S: Final = 10.0
WATCHED_S: Final = 600.0
EVERY_S: Final = 15.0
PATIENCE_S: Final = 300.0

Asking = Callable[[str, str], Target]  # from a URL and a region
Approved = Mapping[str, Sequence[str]] | None  # actions by address; None where nobody was asked


@dataclass(frozen=True, slots=True)
class Release:
    """What to run and what ran before; `reached` are the regions that get the new one, None for all."""

    bundles: Mapping[str, str]
    previous: Mapping[str, str]
    reached: tuple[str, ...] | None = None

    def values(self) -> dict[str, Any]:
        """As `release` of infra/terraform/variables.tf."""
        return {
            "bundles": dict(self.bundles),
            "previous": dict(self.previous),
            "regions": None if self.reached is None else list(self.reached),
        }


@dataclass(frozen=True, slots=True)
class Care:
    """How careful a deployment is: the canary region (None: the last by name), how long it is watched and how often it is asked
    meanwhile, how long a region may take until it is well (seconds); the regions that are left alone, since they are lost;
    where regions are asked instead of where the set says."""

    canary: str | None = None
    watched_s: float = WATCHED_S
    patience_s: float = PATIENCE_S
    every_s: float = EVERY_S
    without: frozenset[str] = frozenset()
    at: Mapping[str, str] = field(default_factory=dict)


class Deployment:
    """One release of the set on its way; `say` gets what a person should read."""

    def __init__(
        self, stack: Stack, shelf: Shelf, monitoring: Monitoring, asking: Asking, say: Callable[[str], object]
    ) -> None:
        self._stack = stack
        self._shelf = shelf
        self._monitoring = monitoring
        self._asking = asking
        self._say = say

    def deploy(self, commit: str, files: Sequence[Path], care: Care, approved: Approved) -> None:
        """Canary, the rest, the record. Refused if anything is not well, with what ran before running again."""
        before = self._shelf.current()
        bundles = by_function(files)
        release = Release(bundles, before.bundles if before else {})
        self._stack.init()
        whole = self._planned(release, care, approved)
        canary = care.canary or max(whole.regions)
        if canary not in whole.regions:
            raise Refused(f"the canary {canary} is none of the set's regions; it has {', '.join(sorted(whole.regions))}")
        self._shelf.put(files)
        try:
            self._go_around(release, canary, whole, care, approved)
        except Refused as refusal:
            self._take_back(before, bundles, care, refusal)
        self._shelf.record(Record(commit, bundles, release.previous))
        self._say(f"{commit} runs in {', '.join(whole.regions)}")

    def roll_back(self, files: Sequence[Path], care: Care) -> None:
        """Runs what ran before the current release, in all regions at once: it is known to be well."""
        current = self._shelf.current()
        if current is None or not current.previous:
            raise Refused("there is no release before this one")
        self._stack.init()
        self._return_to(current.previous, by_function(files), care)
        self._shelf.record(Record(f"before {current.commit}", current.previous, {}))

    def _go_around(self, release: Release, canary: str, whole: Planned, care: Care, approved: Approved) -> None:
        regions = sorted(whole.regions)
        if release.previous and len(regions) > 1:
            self._say(f"\n== canary: {canary}")
            first = Release(release.bundles, release.previous, (canary,))
            self._stack.apply(self._planned(first, care, approved))
            self._well(canary, whole, care)
            self._watched(canary, whole, care)
        self._say(f"\n== all regions: {', '.join(regions)}")
        self._stack.apply(self._planned(release, care, approved))
        for region in regions:
            self._well(region, whole, care)

    def _planned(self, release: Release, care: Care, approved: Approved) -> Planned:
        planned = self._stack.plan(release.values(), care.without)
        self._say(summary(planned))
        if planned.lost:
            raise Refused(f"this would destroy what nobody can bring back: {', '.join(planned.lost)}")
        beyond = planned.beyond(approved) if approved is not None else ()
        if beyond:
            raise Refused(f"this changes more than was approved: {', '.join(beyond[:5])}; propose it again")
        return planned

    def _well(self, region: str, whole: Planned, care: Care) -> None:
        """Until the region is well, as long as patience lasts: certificates and load balancers take their time."""
        until = time.monotonic() + care.patience_s
        while True:
            self._say(f"{region}:")
            if told(self._target(region, whole, care), self._say):
                return
            if time.monotonic() >= until:
                raise Refused(f"{region} is not well")
            time.sleep(min(AGAIN_S, care.patience_s))

    def _watched(self, region: str, whole: Planned, care: Care) -> None:
        self._say(f"{region} is watched for {care.watched_s:.0f} s")
        target = self._target(region, whole, care)
        kept = watch(target, self._monitoring, care.watched_s, care.every_s, now=utc_now, sleep=time.sleep)
        if kept.wrong:
            raise Refused(f"{region} does not keep the promise: {kept.wrong}")
        self._say(f"{region} keeps the promise: {kept}")

    def _target(self, region: str, whole: Planned, care: Care) -> Target:
        return self._asking(care.at.get(region, whole.regions[region]), region)

    def _take_back(self, before: Record | None, new: Mapping[str, str], care: Care, refusal: Refused) -> None:
        if before is None:
            raise Refused(f"{refusal}; it is the first release, so there is nothing to go back to") from refusal
        self._say(f"\n== back to {before.commit}: {refusal}")
        self._return_to(before.bundles, new, care)
        raise Refused(f"the release was taken back, {before.commit} runs again: {refusal}") from refusal

    def _return_to(self, bundles: Mapping[str, str], new: Mapping[str, str], care: Care) -> None:
        """All regions at once. Functions that the release brought have no bundle of before, and keep the one they have."""
        planned = self._planned(Release({**new, **bundles}, {}), care, None)
        self._stack.apply(planned)
        for region in sorted(planned.regions):
            self._well(region, planned, care)


def by_function(files: Sequence[Path]) -> dict[str, str]:
    """The names of bundles, by function."""
    found = ((BUNDLE.fullmatch(file.name), file.name) for file in files)
    return {match["name"]: name for match, name in found if match}


def built(root: Path = ROOT) -> list[Path]:
    """The bundles that `make bundle` left, of the functions in the map; Refused if one is missing."""
    files = sorted(file for file in (root / "build").glob("*.zip") if BUNDLE.fullmatch(file.name))
    missing = sorted(set(read_map(root)) - set(by_function(files)))
    if missing:
        raise Refused(f"no bundle for {', '.join(missing)}: make bundle")
    return [file for file in files if by_function([file]).keys() <= read_map(root).keys()]


def commit_of(root: Path = ROOT) -> str:
    """The commit that this is; COMMIT_SHA says it where there is no .git."""
    said = os.environ.get("COMMIT_SHA")
    if said:
        return said
    asking = ["git", "-C", str(root), "rev-parse", "HEAD"]
    done = subprocess.run(asking, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Refused("this is no git checkout, and COMMIT_SHA says no commit either")
    return done.stdout.strip()


def plan(asked: argparse.Namespace, stack: Stack) -> Planned:
    """Shows what a release of this checkout would change."""
    before = None if asked.offline else Shelf(stack.project, asked.environment).current()
    stack.init()
    planned = stack.plan(Release(by_function(built()), before.bundles if before else {}).values())
    print(summary(planned))
    if planned.lost:
        raise Refused(f"this would destroy what nobody can bring back: {', '.join(planned.lost)}")
    return planned


def propose(asked: argparse.Namespace, stack: Stack) -> None:
    """Keeps the plan for whoever approves it."""
    planned, commit, shelf = plan(asked, stack), commit_of(), Shelf(stack.project, asked.environment)
    shelf.put(built())
    shelf.propose(commit, {one.address: one.actions for one in planned.changes})
    print(f"proposed {commit}: {len(planned.changes)} changes wait; then make deploy env={asked.environment} approved={commit}")


def deployment(stack: Stack, environment: str) -> Deployment:
    """What deploys, with the project's own places."""
    asking = client()
    monitoring = Monitoring(asking, stack.project, gcloud_token, monitoring_url())
    key = smoke_key()
    return Deployment(
        stack, Shelf(stack.project, environment), monitoring, lambda url, region: Target(asking, url, region, key), print
    )


def deploy(asked: argparse.Namespace, stack: Stack) -> None:
    """Deploys this checkout."""
    approved, commit = None, commit_of()
    if asked.approved:
        approved = Shelf(stack.project, asked.environment).approved(asked.approved)
        if asked.approved != commit:
            raise Refused(f"{asked.approved} was approved, and this is {commit}")
    deployment(stack, asked.environment).deploy(commit, built(), care(asked), approved)


def roll_back(asked: argparse.Namespace, stack: Stack) -> None:
    """Runs what ran before."""
    deployment(stack, asked.environment).roll_back(built(), care(asked))


def care(asked: argparse.Namespace) -> Care:
    """How careful the command line wants it."""
    return Care(asked.canary, asked.watch, asked.patience, without=frozenset(asked.without), at=dict(asked.at))


def _place(text: str) -> tuple[str, str]:
    region, found, url = text.partition("=")
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is not REGION=URL")
    return region, url


def main(arguments: Sequence[str] | None = None) -> int:
    """Plans or makes a release; 0, or 1 with a sentence about what is wrong."""
    parser = argparse.ArgumentParser(description="Plan and make releases of the set.")
    parser.add_argument("command", choices=("plan", "propose", "deploy", "roll-back"))
    parser.add_argument("environment", help="a folder of infra/terraform/envs")
    parser.add_argument("--offline", action="store_true", help="plan: as if nothing existed yet, without a cloud")
    parser.add_argument("--approved", help="deploy: the commit whose proposal was approved")
    parser.add_argument("--canary", help="deploy: the region that goes first (default: the last by name)")
    parser.add_argument("--without", action="append", default=[], metavar="REGION", help="leave a region alone that is lost")
    parser.add_argument("--watch", type=float, default=WATCHED_S, help="deploy: seconds to watch the canary")
    parser.add_argument("--patience", type=float, default=PATIENCE_S, help="seconds that a region may take to be well")
    parser.add_argument("--at", action="append", default=[], type=_place, metavar="REGION=URL", help="ask a region here")
    asked = parser.parse_args(arguments)
    commands = {"plan": plan, "propose": propose, "deploy": deploy, "roll-back": roll_back}
    if asked.offline and asked.command != "plan":
        parser.error(f"{asked.command} needs the cloud; --offline is for plan")
    try:
        stack = Stack(ROOT, asked.environment, terraform=os.environ.get("TERRAFORM", "terraform"), offline=asked.offline)
        commands[asked.command](asked, stack)
    except Refused as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
