"""Terraform as a release runs it: what it must never make, and what happens when somebody breaks it off."""

import json
import re
from pathlib import Path

import pytest

from infra.releasing.stack import Change, Places, Planned, Stack
from infra.user_error import UserError
from tests.terraform.conftest import Set, copied, run

BROKEN_OFF = """#!/bin/sh
# As Terraform: Ctrl-C reaches it and whoever runs it; it ends what it is making, and writes that down.
kill -INT $PPID
sleep 0.8
echo saved > {saved}
exit 1
"""


def test_what_is_being_made_is_written_down_before_a_release_breaks_off(tmp_path: Path) -> None:
    saved, command = tmp_path / "saved", tmp_path / "terraform"
    command.write_text(BROKEN_OFF.format(saved=saved))
    command.chmod(0o755)
    stack = Stack(copied(tmp_path / "repository"), "dev", terraform=str(command))
    with pytest.raises(KeyboardInterrupt):
        stack.apply(Planned(tmp_path / "plan", (), Places({}, "", ""), {}))
    assert saved.read_text() == "saved\n"


def test_a_terraform_that_is_not_there_is_told(tmp_path: Path) -> None:
    stack = Stack(copied(tmp_path / "repository"), "dev", terraform="/nowhere/terraform", offline=True)
    with pytest.raises(UserError, match="/nowhere/terraform: No such file or directory"):
        stack.init()


@pytest.mark.parametrize(("ci", "seen", "arguments"), [("true", True, "-no-color"), ("", False, "-no-color"), ("", True, "")])
def test_only_who_looks_at_a_terminal_gets_colours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ci: str, seen: bool, arguments: str
) -> None:
    command = tmp_path / "terraform"
    command.write_text(f'#!/bin/sh\nprintf %s "$TF_CLI_ARGS" > {tmp_path / "told"}\n')
    command.chmod(0o755)
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr("sys.stdout.isatty", lambda: seen)
    monkeypatch.delenv("TF_CLI_ARGS", raising=False)
    Stack(copied(tmp_path / "repository"), "dev", terraform=str(command), offline=True).init()
    assert (tmp_path / "told").read_text() == arguments


def test_no_release_is_made_with_a_provider_that_nobody_pinned(tmp_path: Path) -> None:
    """The cloud's provider may be another one tomorrow: an approved plan would be made by one that nobody tried."""
    command = tmp_path / "terraform"
    command.write_text(f'#!/bin/sh\necho "$@" > {tmp_path / "asked"}\n')
    command.chmod(0o755)
    root = copied(tmp_path / "repository")
    with pytest.raises(UserError, match=r"envs/dev has no \.terraform\.lock\.hcl.*: make providers"):
        Stack(root, "dev", terraform=str(command)).init()
    (root / "infra/terraform/envs/dev/.terraform.lock.hcl").write_text("")
    Stack(root, "dev", terraform=str(command)).init()
    assert "-lockfile=readonly" in (tmp_path / "asked").read_text()


def test_what_failed_while_it_was_made_can_be_made_again(running: Set) -> None:
    """A name is free only when what had it is gone; so nothing but what leads to a region is replaced create-first."""
    region = 'module.ion.module.region["us-central1"]'
    failed = [
        f'{region}.module.router["router"].google_cloud_run_v2_service.this',
        f'{region}.module.persona["lua"].google_cloud_run_v2_service.this',
        f"{region}.google_memorystore_instance.cache",
    ]
    mark_as_failed(running.folder / "terraform.tfstate", failed)
    planned = running.plan()
    actions = {one["address"]: one["change"]["actions"] for one in planned.told["resource_changes"]}
    assert [actions[address] for address in failed] == [["delete", "create"]] * 3


def mark_as_failed(state: Path, addresses: list[str]) -> None:
    """Says in a state what Terraform writes there of a resource that failed while it was made, as `terraform taint` does."""
    told = json.loads(state.read_text())
    marked = 0
    for one in told["resources"]:
        if f"{one.get('module')}.{one['type']}.{one['name']}" in addresses:
            one["instances"][0]["status"] = "tainted"
            marked += 1
    assert marked == len(addresses)
    state.write_text(json.dumps(told))


def test_a_region_is_led_to_only_when_its_router_is_there(running: Set) -> None:
    """What leads clients to regions comes after everything of them, in the order that Terraform makes things in."""
    drawn = run(running.folder, "graph", "-type=plan").stdout
    after: dict[str, list[str]] = {}
    for one, other in re.findall(r'"\[root\] ([^"]+)" -> "\[root\] ([^"]+)"', drawn):
        after.setdefault(one, []).append(other)
    reached, left = set[str](), ["module.ion.module.edge.google_compute_backend_service.router (expand)"]
    while left:
        node = left.pop()
        left += [other for other in after.get(node, ()) if other not in reached]
        reached.update(after.get(node, ()))
    assert "module.ion.module.region.module.router.google_cloud_run_v2_service.this (expand)" in reached


@pytest.mark.parametrize("left", ["europe-west1", "asia-northeast3"])
def test_a_region_goes_only_when_nobody_is_led_there_any_more(tmp_path: Path, left: str) -> None:
    """With ids as the cloud gives them, which one without a cloud does not."""
    group = "projects/p/regions/{}/networkEndpointGroups/ion-router-{}".format
    gone = f'module.ion.module.region["{left}"].google_compute_region_network_endpoint_group.router'
    balancer = "module.ion.module.edge.google_compute_backend_service.router"
    led = [{"group": "https://www.googleapis.com/compute/v1/" + group("europe-west1", "europe-west1")}]
    resources = [
        {"address": gone, "change": {"before": {"id": group(left, left), "region": left}, "after": None}},
        {"address": balancer, "change": {"before": {"backend": led}, "after": {"backend": []}}},
    ]
    planned = Planned(
        tmp_path / "plan",
        (Change(gone, "google_compute_region_network_endpoint_group", ("delete",)),),
        Places({}, "", ""),
        {"resource_changes": resources},
    )
    said = "this would destroy europe-west1 while clients are led there: deploy it as drained first"
    assert planned.refusal == (said if left == "europe-west1" else None)
