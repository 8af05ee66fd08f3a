"""A copy of what the functions are made from, and what is installed here."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from infra.bundle import Bundle, bundles
from infra.bundling.pins import Installed

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def installed() -> Installed:
    """The distributions of this interpreter, read once."""
    return Installed()


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The functions, the library and the bundler as they are at the start: a test may compare with it and leaves it alone."""
    root = tmp_path_factory.mktemp("snapshot")
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for folder in ("functions", "infra", "shared"):
        shutil.copytree(REPOSITORY / folder, root / folder, ignore=ignore)
    shutil.copy(REPOSITORY / "requirements.txt", root)
    return root


@pytest.fixture
def copy(snapshot: Path, tmp_path: Path) -> Path:
    """A copy to be changed."""
    return shutil.copytree(snapshot, tmp_path / "copy")


@pytest.fixture(scope="session")
def made(snapshot: Path, installed: Installed) -> Mapping[str, Bundle]:
    """The bundles of this repository by function."""
    return {one.name: one for one in bundles(snapshot, installed=installed)}
