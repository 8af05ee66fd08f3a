"""Plans and makes releases: one region first, then the rest, and back if it is not well.

`python infra/release.py plan dev [--offline]` shows what would change; `propose` keeps that for whoever approves it;
`deploy` makes it; `roll-back` runs what ran before. docs/runbooks/releasing.md tells when which. `drift` says what was
changed in the cloud beside Terraform; `tear-down` takes a set away.
"""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from infra.functions import read_map
from infra.releasing.bearing import bears, ready
from infra.releasing.cloud import Cloud, elsewhere, gcloud_token
from infra.releasing.deployment import PATIENCE_S, WATCHED_S, Deployment, Release, RolloutPolicy
from infra.releasing.registry import Proposal, Record, ReleaseRegistry
from infra.releasing.smoke import Target, client, smoke_key
from infra.releasing.stack import Planned, Stack, summary
from infra.releasing.upkeep import look_for_drift, take_away
from infra.user_error import UserError

ROOT: Final = Path(__file__).resolve().parent.parent
BUNDLE: Final = re.compile(r"(?P<name>[a-z0-9_]+)-[0-9a-f]{16}\.zip")

Command = Callable[[argparse.Namespace, Stack], object]


def by_function(files: Sequence[Path]) -> dict[str, str]:
    """The names of bundles, by function."""
    found = ((BUNDLE.fullmatch(file.name), file.name) for file in files)
    return {match["name"]: name for match, name in found if match}


def built(root: Path = ROOT) -> list[Path]:
    """The bundles that `make bundle` left, of the functions in the map; UserError if one is missing."""
    files = sorted(file for file in (root / "build").glob("*.zip") if BUNDLE.fullmatch(file.name))
    missing = sorted(set(read_map(root)) - set(by_function(files)))
    if missing:
        raise UserError(f"no bundle for {', '.join(missing)}: make bundle")
    return [file for file in files if by_function([file]).keys() <= read_map(root).keys()]


def commit_of(root: Path = ROOT) -> str:
    """The commit that this is, with -dirty where something was changed since; COMMIT_SHA says it where there is no .git."""
    said = os.environ.get("COMMIT_SHA")
    if said:
        return said
    asking = ["git", "-C", str(root), "describe", "--always", "--abbrev=40", "--dirty", "--exclude=*"]
    done = subprocess.run(asking, check=False, capture_output=True, text=True)
    if done.returncode:
        raise UserError("this is no git checkout, and COMMIT_SHA says no commit either")
    return done.stdout.strip()


def plan(asked: argparse.Namespace, stack: Stack) -> tuple[Planned, Record | None]:
    """Shows what a release of this checkout would change, and on top of what."""
    before = None if asked.offline else ReleaseRegistry(stack.project, asked.environment).current()
    stack.init()
    planned = stack.plan(Release(by_function(built()), before.bundles if before else {}).values())
    print(summary(planned))
    if planned.refusal:
        raise UserError(planned.refusal)
    return planned, before


def propose(asked: argparse.Namespace, stack: Stack) -> None:
    """Keeps the plan for whoever approves it."""
    (planned, before), commit, shelf = plan(asked, stack), commit_of(), ReleaseRegistry(stack.project, asked.environment)
    shelf.put(built())
    shelf.propose(commit, Proposal(before.name if before else None, {one.address: one.actions for one in planned.changes}))
    print(f"proposed {commit}: {len(planned.changes)} changes wait; then make deploy env={asked.environment} approved={commit}")


def deployment(asked: argparse.Namespace, stack: Stack) -> Deployment:
    """The deployment, with the project's own places."""
    asking = client()
    cloud = Cloud(asking, stack.project, gcloud_token, elsewhere())
    key = smoke_key()
    care = RolloutPolicy(asked.canary, asked.watch, asked.patience, without=frozenset(asked.without), at=dict(asked.at))
    shelf = ReleaseRegistry(stack.project, asked.environment)
    return Deployment(stack, shelf, cloud, lambda url, region: Target(asking, url, region, key), care, bears, print)


def deploy(asked: argparse.Namespace, stack: Stack) -> None:
    """Deploys this checkout."""
    ready()
    approved, commit, files = None, commit_of(), built()
    if asked.approved:
        approved = ReleaseRegistry(stack.project, asked.environment).approved(asked.approved)
        if asked.approved != commit:
            raise UserError(f"{asked.approved} was approved, and this is {commit}")
    deployment(asked, stack).deploy(commit, files, by_function(files), approved)


def roll_back(asked: argparse.Namespace, stack: Stack) -> None:
    """Runs what ran before."""
    deployment(asked, stack).roll_back(commit_of())


def drift(_: argparse.Namespace, stack: Stack) -> None:
    """Says what is otherwise in the cloud than Terraform left it."""
    look_for_drift(stack, print)


def tear_down(asked: argparse.Namespace, stack: Stack) -> None:
    """Takes the set away."""
    take_away(stack, ReleaseRegistry(stack.project, asked.environment), asked.environment, asked.sure, by_function(built()))


def _place(text: str) -> tuple[str, str]:
    region, found, url = text.partition("=")
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is not REGION=URL")
    return region, url


COMMANDS: Final[dict[str, Command]] = {
    "plan": plan,
    "propose": propose,
    "deploy": deploy,
    "roll-back": roll_back,
    "drift": drift,
    "tear-down": tear_down,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Plans or makes a release; 0, or 1 with a sentence about what is wrong."""
    parser = argparse.ArgumentParser(description="Plan and make releases of the set.")
    parser.add_argument("command", choices=tuple(COMMANDS))
    parser.add_argument("environment", help="a folder of infra/terraform/envs")
    parser.add_argument("--offline", action="store_true", help="plan: as if nothing existed yet, without a cloud")
    parser.add_argument("--approved", help="deploy: the commit whose proposal was approved")
    parser.add_argument("--canary", help="deploy: the region that goes first (default: the last by name, not home)")
    parser.add_argument("--without", action="append", default=[], metavar="REGION", help="leave a region alone that is lost")
    parser.add_argument("--watch", type=float, default=WATCHED_S, help="deploy: seconds to watch the canary")
    parser.add_argument("--patience", type=float, default=PATIENCE_S, help="seconds that a region may take to be well")
    parser.add_argument(
        "--at", action="append", default=[], type=_place, metavar="REGION=URL", help="ask a region, or address, here"
    )
    parser.add_argument("--sure", help="tear-down: the project once more")
    asked = parser.parse_args(arguments)
    if asked.offline and asked.command != "plan":
        parser.error(f"{asked.command} needs the cloud; --offline is for plan")
    try:
        stack = Stack(ROOT, asked.environment, terraform=os.environ.get("TERRAFORM", "terraform"), offline=asked.offline)
        COMMANDS[asked.command](asked, stack)
    except UserError as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("release: broken off; docs/runbooks/releasing.md#half-way tells how to go on", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
