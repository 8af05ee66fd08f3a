"""The README of each module has an example, and the example is what is planned here."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.terraform.conftest import PROVIDER, REPOSITORY, reason, run
from tests.terraform.made import plan

MODULES = REPOSITORY / "infra/terraform/modules"
NAMES = sorted(path.name for path in MODULES.iterdir())


def example(name: str) -> str:
    """The one block of code of a module's README."""
    (found,) = re.findall(r"```hcl\n(.*?)```", (MODULES / name / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    return str(found)


@pytest.fixture(scope="module")
def planned(terraform: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All examples in one configuration, beside the modules."""
    root: Path = tmp_path_factory.mktemp("examples")
    shutil.copytree(
        MODULES.parent, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*", "envs")
    )
    folder = root / "examples"
    folder.mkdir()
    (folder / "main.tf").write_text(PROVIDER + "\n".join(map(example, NAMES)), encoding="utf-8")
    done = run(folder, "init", "-input=false", "-no-color")
    assert done.returncode == 0, reason(done)
    return plan(terraform, folder)


@pytest.mark.parametrize("name", NAMES)
def test_a_module_s_example_plans(name: str, planned: dict[str, Any]) -> None:
    made = [one["address"] for one in planned["resource_changes"] if one["address"].startswith(f"module.{name}.")]
    assert made
    assert example(name).startswith(f'module "{name}" {{\n  source = "../modules/{name}"\n')


def test_the_look_for_backups_is_told_where_it_checks_in(planned: dict[str, Any]) -> None:
    (flow,) = [one for one in planned["resource_changes"] if one["type"] == "google_workflows_workflow"]
    assert "/cron/ion-backups/" in flow["change"]["after"]["user_env_vars"]["CHECK_IN"]


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_written_as_terraform_writes(name: str, terraform: str, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(example(name), encoding="utf-8")
    assert run(tmp_path, "fmt", "-check").returncode == 0, run(tmp_path, "fmt", "-diff").stdout
