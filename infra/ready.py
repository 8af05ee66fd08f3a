"""Looks, before anything is applied, at what would stop it half-way: `python infra/ready.py dev`, or `make ready env=dev`.

It reads the project (quotas, policies, billing, buckets, secrets, channels) and the files that a person fills in, changes
nothing, and says what has to be done first, a sentence each.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from infra.functions import read_map
from infra.preflight.demand import Demand, demand
from infra.preflight.files import left
from infra.preflight.findings import Check, Finding, looked
from infra.preflight.policies import policies_of_the_organisation
from infra.preflight.project import (
    billing,
    buckets,
    interfaces,
    secrets,
    signatures,
    the_default_network,
    the_project,
    whoever_is_told,
)
from infra.preflight.quotas import cloud_build, cloud_run, memorystore
from infra.releasing.cloud import Cloud, elsewhere, gcloud_token
from infra.releasing.deployment import Release
from infra.releasing.smoke import client
from infra.releasing.stack import Stack
from infra.user_error import UserError

ROOT: Final = Path(__file__).resolve().parent.parent
CHECKS: Final[tuple[Check, ...]] = (
    the_project,
    billing,
    interfaces,
    buckets,
    the_default_network,
    policies_of_the_organisation,
    cloud_run,
    cloud_build,
    memorystore,
    whoever_is_told,
    secrets,
    signatures,
)


def wanted(root: Path, environment: str, terraform: str) -> Demand:
    """The demand of the set by its files, planned without a cloud; UserError, with Terraform's words, if that refuses."""
    stack = Stack(root, environment, terraform=terraform, offline=True)
    stack.init()
    bundles = {name: f"{name}-{'0' * 16}.zip" for name in read_map(root)}  # none is needed to know what they take
    return demand(stack.plan(Release(bundles, {}).values(), quiet=True).told, environment)


def findings(cloud: Cloud, needs: Demand) -> Iterator[Finding]:
    """All that the project says, check by check; nothing more can be known of one that is not there."""
    for check in CHECKS:
        found = list(looked(check, cloud, needs))
        yield from found
        if check is the_project and found:
            return


def report(found: Sequence[Finding]) -> str:
    """The findings for a person: what stops first."""
    stops, others = ([one.sentence for one in found if one.stops is stops] for stops in (True, False))
    lines = [f"  ✗ {sentence}" for sentence in stops] + [f"  · {sentence}" for sentence in others]
    end = f"not ready: {len(stops)} of these would stop it" if stops else "ready"
    return "\n".join([*lines, end])


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Says what has to be done before a first plan or release; 0 if nothing stops it, else 1."""
    parser = argparse.ArgumentParser(description="Look at what would stop a first apply.")
    parser.add_argument("environment", help="a folder of infra/terraform/envs")
    asked = parser.parse_args(arguments)
    try:
        stack = Stack(root, asked.environment)
        found = list(left(root, asked.environment))
        with client() as asking:
            cloud = Cloud(asking, stack.project, gcloud_token, elsewhere())
            needs = wanted(root, asked.environment, os.environ.get("TERRAFORM", "terraform"))
            found += findings(cloud, needs)
    except UserError as error:
        print(f"ready: {error}", file=sys.stderr)
        return 1
    print(report(found))
    return int(any(one.stops for one in found))


if __name__ == "__main__":
    sys.exit(main())
