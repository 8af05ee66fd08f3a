"""The rights of each account, as the plan says: the table of docs/access.md.

`python infra/tables/rights.py PLAN.json` prints it (`terraform show -json` makes the file), `--write` puts it into the page.
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from infra.tables.pages import PAGES, put
from infra.user_error import UserError

PAGE: Final = PAGES / "access.md"
OURS: Final = re.compile(r"^serviceAccount:ion-(?P<name>[a-z0-9-]+)@")
REGION: Final = re.compile(r"\[\"([a-z]+-[a-z]+[0-9]+)\"\]")
ON: Final = {  # what a grant is on, by the resource's type: the attribute that names it
    "google_cloud_run_v2_service_iam_member": "name",
    "google_pubsub_topic_iam_member": "topic",
    "google_pubsub_subscription_iam_member": "subscription",
    "google_secret_manager_secret_iam_member": "secret_id",
    "google_service_account_iam_member": "service_account_id",
    "google_kms_crypto_key_iam_member": "crypto_key_id",
    "google_storage_bucket_iam_member": "bucket",
}


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """An account's role on something; `on` is `project` where nothing bounds it."""

    account: str
    role: str
    on: str


def grants(plan: Mapping[str, Any]) -> set[Grant]:
    """The grants to accounts of ours in a plan, once for all regions."""
    return {grant for change in plan["resource_changes"] for grant in _grant(change)}


def _grant(change: Mapping[str, Any]) -> Iterator[Grant]:
    after = change["change"].get("after") or {}
    found = OURS.match(after.get("member") or "")
    if found:
        yield Grant(found["name"], after["role"], _everywhere(_on(change["type"], after)))


def _on(kind: str, after: Mapping[str, Any]) -> str:
    if kind == "google_project_iam_member":
        return after["condition"][0]["expression"] if after.get("condition") else "project"
    return str(after[ON[kind]])


def _everywhere(on: str) -> str:
    """Without the project and the region, which are the same for all."""
    on = re.sub(r"projects/[^/\"]+/", "", on).removeprefix("resource.name == ").strip('"')
    return re.sub(r"\b[a-z]+-[a-z]+\d+\b", "<region>", on)


def table(found: Iterable[Grant]) -> str:
    """One line an account and role, in Markdown."""
    rows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for grant in sorted(found):
        rows[grant.account, grant.role].append(grant.on)
    lines = [f"| {account} | {role} | {', '.join(on)} |" for (account, role), on in rows.items()]
    return "\n".join(["| account | role | on |", "| --- | --- | --- |", *lines])


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints or writes the table; 0, or 1 with a sentence about what is wrong."""
    parser = argparse.ArgumentParser(description="Which account may do what, as the plan says.")
    parser.add_argument("plan", type=Path, help="the plan as terraform show -json prints it")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE}")
    asked = parser.parse_args(arguments)
    try:
        made = table(grants(json.loads(asked.plan.read_text(encoding="utf-8"))))
        if asked.write:
            put(PAGE, made)
    except (OSError, ValueError, KeyError) as error:
        print(f"rights: {asked.plan}: is no plan: {error}", file=sys.stderr)
        return 1
    except UserError as error:
        print(f"rights: {error}", file=sys.stderr)
        return 1
    print(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
