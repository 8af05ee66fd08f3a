"""The built files are what the sources say; where node is missing, that is said loudly."""

import filecmp
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.console.report import BUILT, CONSOLE


@pytest.fixture(scope="module")
def npm() -> Path:
    """The folder of the sources, with the packages that its lock names."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("LOUD: no node here, so nobody compared the console's files with their sources")
    if not (CONSOLE / "node_modules/esbuild").exists():
        installed = subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=CONSOLE, capture_output=True, check=False)
        if installed.returncode:
            pytest.skip("LOUD: npm could not get the console's packages, so nobody compared its files with their sources")
    return CONSOLE


@pytest.mark.slow
def test_the_committed_files_are_what_the_sources_make(npm: Path, tmp_path: Path) -> None:
    shutil.copytree(BUILT, tmp_path / "built")
    subprocess.run(["node", "build.mjs", "--into", str(tmp_path / "built")], cwd=npm, check=True)
    listed = json.loads((BUILT / "files.json").read_text(encoding="utf-8"))["files"]
    different = [name for name in listed if not filecmp.cmp(BUILT / name, tmp_path / "built" / name, shallow=False)]
    assert not different, "make console builds them"
    assert (BUILT / "files.json").read_bytes() == (tmp_path / "built/files.json").read_bytes()


@pytest.mark.slow
def test_types_and_small_parts_hold(npm: Path) -> None:
    subprocess.run(["npx", "tsc", "-p", "."], cwd=npm, check=True)
    subprocess.run(["npx", "tsc", "-p", "src/worker"], cwd=npm, check=True)
    subprocess.run(["node", "test/run.mjs"], cwd=npm, check=True)


def test_no_file_lies_there_that_nobody_names() -> None:
    listed = json.loads((BUILT / "files.json").read_text(encoding="utf-8"))
    named = {*listed["files"], "files.json", *(name for release in listed["releases"] for name in release["assets"])}
    assert {str(path.relative_to(BUILT)) for path in BUILT.rglob("*") if path.is_file()} == named
