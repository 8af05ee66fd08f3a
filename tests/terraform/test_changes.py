"""What moves with a change, what is refused, and the command that plans."""

import os
import shlex
import subprocess

import pytest

from tests.terraform.conftest import BUNDLES, FUNCTIONS, REGIONS, REPOSITORY, Set
from tests.terraform.test_plan import region_of


def test_a_region_adds_and_takes_only_its_own(running: Set) -> None:
    """One that comes, and one that leaves."""
    text = (running.folder / "main.tf").read_text()
    (line,) = [line for line in text.splitlines() if line.startswith("    europe-west1")]
    running.edit(line, '    asia-southeast1 = { cidr = "10.32.48.0/20" }')
    moved = running.plan()
    added, gone = moved.changed("create"), moved.changed("delete")
    assert not moved.changed("delete", "create")
    assert len([address for address in added if ".google_cloud_run_v2_service.this" in address]) == len(FUNCTIONS)
    assert added
    assert all("asia-southeast1" in address for address in added)
    assert gone
    assert all("europe-west1" in address for address in gone)
    # Only what leads to the regions, and what watches them, knows of another one.
    assert {address.split(".")[1] for address in moved.changed("update")} <= {"edge", "monitoring"}


def test_a_function_that_leaves_the_map_takes_only_its_own(running: Set) -> None:
    running.functions({name: entry for name, entry in FUNCTIONS.items() if name != "nana"})
    less = running.plan()
    gone = less.changed("delete")
    assert len([address for address in gone if ".google_cloud_run_v2_service.this" in address]) == len(REGIONS)
    assert all("nana" in address for address in gone)
    assert not less.changed("create")
    assert not less.changed("delete", "create")


def test_a_new_bundle_redeploys_its_function_and_nothing_else(running: Set) -> None:
    """So a plan of the same changes nothing."""
    running.release["bundles"] = {**BUNDLES, "lua": f"lua-{'0' * 15}2.zip"}
    moved = running.plan()
    assert not moved.changed("create") | moved.changed("delete") | moved.changed("delete", "create")
    assert moved.changed("update") == {
        f'module.region["{region}"].module.persona["lua"].google_cloud_run_v2_service.this' for region in REGIONS
    }


def test_a_canary_touches_one_region(running: Set) -> None:
    new = {name: file.replace("1.zip", "2.zip") for name, file in BUNDLES.items()}
    running.release = {"bundles": new, "previous": BUNDLES, "regions": ["us-central1"]}
    moved = running.plan()
    assert {region_of(address) for address in moved.changed("update")} == {"us-central1"}
    assert len(moved.changed("update")) == len(FUNCTIONS)


@pytest.mark.slow
def test_the_command_of_the_readme_plans(planning: str) -> None:
    """As it is typed: bundles are made, everything is planned, and a summary by place comes last."""
    command = "make plan env=dev offline=1"
    assert command in (REPOSITORY / "README.md").read_text(encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(
        shlex.split(command),
        cwd=REPOSITORY,
        env={**environ, "TERRAFORM": planning},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    summary = done.stdout.rpartition("where")[2]
    assert all(f'region["{region}"]' in summary for region in REGIONS)
    assert "edge" in summary
    assert "destroy" in summary.splitlines()[0]
