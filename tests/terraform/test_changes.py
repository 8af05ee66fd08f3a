"""What moves with a change, what is refused, and the command that plans."""

import os
import re
import shlex
import subprocess
from collections.abc import Callable

import pytest

from infra.user_error import UserError
from tests.terraform.conftest import BUNDLES, FUNCTIONS, REGIONS, REPOSITORY, Set
from tests.terraform.test_plan import region_of


def test_another_region_adds_only_that_region(running: Set) -> None:
    running.edit("    us-central1     =", '    asia-southeast1 = { cidr = "10.32.48.0/20" }\n    us-central1     =')
    more = running.plan()
    assert not more.changed("delete")
    assert not more.changed("delete", "create")
    added = more.changed("create")
    assert len([address for address in added if ".google_cloud_run_v2_service.this" in address]) == len(FUNCTIONS)
    assert {region_of(address) for address in added} == {"asia-southeast1", None}
    assert all("asia-southeast1" in address for address in added)
    # Only what leads to the regions, and what watches them, knows of one more.
    assert {address.split(".")[1] for address in more.changed("update")} <= {"edge", "monitoring"}


def test_a_region_that_leaves_takes_only_its_own(running: Set) -> None:
    text = (running.folder / "main.tf").read_text()
    (line,) = [line for line in text.splitlines() if line.startswith("    europe-west1")]
    running.edit(f"{line}\n", "")
    less = running.plan()
    assert less.changed("delete")
    assert all("europe-west1" in address for address in less.changed("delete"))
    assert not less.changed("create")
    assert not less.changed("delete", "create")


def test_a_function_that_leaves_the_map_takes_only_its_own(running: Set) -> None:
    running.functions({name: entry for name, entry in FUNCTIONS.items() if name != "nana"})
    less = running.plan()
    gone = less.changed("delete")
    assert len([address for address in gone if ".google_cloud_run_v2_service.this" in address]) == len(REGIONS)
    assert all("nana" in address for address in gone)
    assert not less.changed("create")
    assert not less.changed("delete", "create")


def test_a_new_bundle_redeploys_its_function_and_nothing_else(running: Set) -> None:
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


def test_a_plan_of_the_same_changes_nothing(running: Set) -> None:
    again = running.plan()
    assert not again.changed("create") | again.changed("update") | again.changed("delete") | again.changed("delete", "create")


NOBODY_S = {name: {k: v for k, v in entry.items() if (name, k) != ("batch", "topic")} for name, entry in FUNCTIONS.items()}


@pytest.fixture
def refused(prod: Set, capfd: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """What Terraform says while nothing is planned."""

    def said() -> str:
        with pytest.raises(UserError, match="terraform plan failed"):
            prod.plan()
        return " ".join(re.sub("│|\\x1b\\[[0-9;]*m", " ", capfd.readouterr().err).split())

    return said


def test_what_is_refused_says_why(prod: Set, refused: Callable[[], str]) -> None:
    """All of it at once, and nothing else: prod as it stands is planned."""
    prod.edit("  data     = { backups = {} }", "  data     = {}")
    prod.edit("    us-central1     =", "    us-central-1    =")
    prod.edit('settings = { V1_OPEN = "true" }', 'settings = { JWT_KEY = "x" }\n  secrets  = ["CACHE_KEY_SECRET", "JWT_KEY"]')
    prod.functions({**NOBODY_S, "sena": FUNCTIONS["lua"]})
    prod.release["bundles"] = {}
    told = refused()
    reasons = [
        "prod does not run without backups",
        "No region of infra/terraform/places.json: us-central-1. It knows",
        "settings has a secret in it: JWT_KEY. Its value",
        "settings lacks JWT_ISSUER or JWT_AUDIENCE",
        "a worker without a topic: batch. Nobody",
        "a persona without a card: sena. make persona",
        "No bundle for: batch, elro, lua, nana, riri, router, sena, warming. make bundle makes them",
        "home is none of the set's regions",
    ]
    assert [reason for reason in reasons if reason not in told] == []
    assert told.count("Error: ") == len(reasons)


def test_a_set_that_nobody_could_enter_is_refused(prod: Set, refused: Callable[[], str]) -> None:
    prod.edit('settings = { V1_OPEN = "true" }', 'secrets = ["CACHE_KEY_SECRET"]')
    told = refused()
    assert "secrets has to have API_KEYS or JWT_KEY" in told
    assert told.count("Error: ") == 1


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
