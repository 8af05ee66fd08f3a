"""The configuration is laid out, valid, and keeps its own tests."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra.releasing.stack import LOCAL_STATE, TERRAFORM
from tests.terraform.conftest import COMMAND, REPOSITORY, Initialised, run

VARIABLE = re.compile(r'^variable "(\w+)" \{(.*?)^\}', re.MULTILINE | re.DOTALL)
ROOTS = ["", "foundation", "envs/dev", "envs/prod"]
MODULES = sorted(path.parent.name for path in (REPOSITORY / TERRAFORM / "modules").glob("*/main.tf"))


def test_it_is_laid_out() -> None:
    if shutil.which("terraform") is None:
        pytest.skip("LOUD: terraform is not installed, so the layout is NOT checked")
    done = subprocess.run(
        ["terraform", "fmt", "-check", "-recursive", "-diff", str(REPOSITORY / TERRAFORM)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("folder", ROOTS)
def test_it_is_valid(initialised: Initialised, folder: str) -> None:
    done = run(initialised(folder) / TERRAFORM / folder, "validate", "-no-color")
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stdout, done.stdout


@pytest.mark.proof
def test_it_keeps_its_own_tests(initialised: Initialised) -> None:
    done = run(initialised("") / TERRAFORM, "test", "-no-color")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"[1-9]\d* passed, 0 failed", done.stdout), done.stdout


def test_an_environment_is_values_only() -> None:
    for folder in (REPOSITORY / TERRAFORM / "envs").iterdir():
        files = {path.name for path in folder.iterdir() if not path.name.startswith((".terraform", "terraform.tfstate"))}
        assert files == {"main.tf", "terraform.tfvars"}
        text = (folder / "main.tf").read_text(encoding="utf-8")
        assert "resource " not in text
        assert text.count("module ") == 1
        assert 'backend "gcs"' in text


def test_a_validation_looks_at_its_own_variable_alone() -> None:
    """As Terraform wants it before 1.9, and we promise 1.6: the rest stands among the rules."""
    for path in (REPOSITORY / TERRAFORM).rglob("variables.tf"):
        for name, block in VARIABLE.findall(path.read_text(encoding="utf-8")):
            beyond = re.compile(rf"(?<!\.)\b(path|local|data|module)\.|\bvar\.(?!{name}\b)")
            said = re.findall(r"^ +(?:condition|error_message) += (.*)$", block, re.MULTILINE)
            assert not [one for one in said if beyond.search(one)], (path, name)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_takes_the_provider_s_range_of_all(module: str) -> None:
    ranges = {path.read_text(encoding="utf-8") for path in (REPOSITORY / TERRAFORM / "modules").glob("*/versions.tf")}
    assert len(ranges) == 1
    assert (REPOSITORY / TERRAFORM / "modules" / module / "versions.tf").is_file()
    assert '">= 8.0, < 9.0"' in ranges.pop()


def test_a_command_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = subprocess.run(
        ["python3", "infra/release.py", "plan", "dev", "--offline"],
        cwd=REPOSITORY,
        env={**os.environ, "TERRAFORM": str(tmp_path / "none"), "PATH": f"{REPOSITORY / '.venv/bin'}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "release:" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_local_state_is_only_for_copies() -> None:
    assert not list((REPOSITORY / TERRAFORM).rglob("backend_override.tf"))
    assert "local" in LOCAL_STATE
    assert COMMAND


def test_the_provider_is_pinned_for_every_platform_by_a_habit() -> None:
    asked = ["make", "providers", "TERRAFORM=terraform", "--dry-run", "--no-print-directory"]
    done = subprocess.run(asked, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    roots = {
        str(path.parent.relative_to(REPOSITORY / TERRAFORM))
        for path in (REPOSITORY / TERRAFORM).rglob("*.tf")
        if 'backend "gcs"' in path.read_text(encoding="utf-8")
    }
    assert set(re.findall(r"for root in ([^;]+);", done)[0].split()) == roots
    assert set(re.findall(r"-platform=(\w+)", done)) == {"linux_amd64", "linux_arm64", "darwin_arm64"}, (
        "a build and a person's laptop"
    )


def test_what_cannot_be_looked_at_is_no_success_of_a_build() -> None:
    asked = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"{__file__}::test_it_is_laid_out"]
    environ = {**os.environ, "CI": "true", "PATH": "/nowhere"}
    done = subprocess.run(asked, cwd=REPOSITORY, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "LOUD: terraform is not installed" in done.stdout
