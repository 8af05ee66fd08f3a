"""What is refused before anything is planned, and that each rule says why: tests/terraform/values/refusals.toml."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from infra.releasing.stack import TERRAFORM
from tests.terraform.conftest import REPOSITORY, Initialised, run
from tests.terraform.wanted import read

TABLE: list[dict[str, Any]] = read("refusals")["refused"]
FUNCTION = {"memory": "512Mi", "cpu": "1", "concurrency": 80, "min_instances": 1, "max_instances": 20, "timeout_s": 60}
RIGHT: dict[str, Any] = {
    "project": "ion-test-project",
    "environment": "prod",
    "domain": "mentoring.example.com",
    "model": {"name": "playbook"},
    "data": {"backups": {}},
    "alerts": {"emails": ["oncall@example.com"], "pagerduty": "projects/ion-test-project/notificationChannels/1"},
    "budget": {"billing_account": "000000-000000-000000", "usd_a_month": 500},
    "home": "europe-west1",
    "regions": {"us-central1": {"cidr": "10.0.0.0/20"}, "europe-west1": {"cidr": "10.0.16.0/20"}},
    "functions": {"router": {**FUNCTION, "kind": "router"}, "lua": {**FUNCTION, "kind": "persona"}},
    "release": {"bundles": {"router": f"router-{'0' * 15}1.zip", "lua": f"lua-{'0' * 15}1.zip"}},
    "assumed": {"number": "100000000000", "version": "1"},
}


@pytest.fixture(scope="module")
def root(initialised: Initialised, planning: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The set as a module, which asks no cloud."""
    at = shutil.copytree(initialised(""), tmp_path_factory.mktemp("refusals") / "repository") / TERRAFORM
    (at / "cloud_override.tf").write_text('provider "google" {\n  access_token = "none"\n}\n', encoding="utf-8")
    return at


def said(root: Path, values: dict[str, Any]) -> str:
    """What Terraform says of a set of these values while it refuses it; nothing if it plans it."""
    given = {name: None if value == "{null}" else value for name, value in values.items()}
    (root / "values.auto.tfvars.json").write_text(json.dumps(given), encoding="utf-8")
    done = run(root, "plan", "-input=false", "-no-color")
    return " ".join(done.stderr.replace("│", " ").split()) if done.returncode else ""


def test_what_is_right_is_planned(root: Path) -> None:
    assert said(root, RIGHT) == ""


@pytest.fixture(scope="module")
def told(root: Path) -> list[str]:
    """What is said of each group."""
    return [said(root, {**RIGHT, **group["values"]}) for group in TABLE]


def test_what_is_refused_says_why(told: list[str]) -> None:
    """All of it at once, and nothing else."""
    for group, text in zip(TABLE, told, strict=True):
        assert [sentence for sentence in group["sentences"] if sentence not in text] == []
        assert text.count("Error: ") == len(group["sentences"]), text


def test_each_rule_refuses_something(told: list[str]) -> None:
    """By the lines that Terraform tells: a rule that was taken out of the table, or never refuses, is missed."""
    for file, begins, tells in (
        ("main.tf", "condition     =", r"\bmain\.tf line (\d+)"),
        ("variables.tf", "validation {", r"\bvariables\.tf:(\d+)"),
    ):
        lines = (REPOSITORY / TERRAFORM / file).read_text(encoding="utf-8").splitlines()
        rules = {number for number, line in enumerate(lines, start=1) if line.strip().startswith(begins)}
        refused = {int(number) for text in told for number in re.findall(tells, text)}
        assert rules - refused == set(), f"{file}: rules that refuse nothing in tests/terraform/values/refusals.toml"
