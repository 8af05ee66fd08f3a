"""A small repository of its own for each test, with distributions that only it has."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.bundle import Bundle, bundles
from infra.bundling.closure import Closure, close
from infra.bundling.library import Library
from infra.bundling.lock import Pins, read_pins
from infra.bundling.pins import ALWAYS, Installed

REPOSITORY = Path(__file__).resolve().parents[2]
HASH = f"--hash=sha256:{'0' * 64}"


@dataclass(frozen=True, slots=True)
class Tree:
    """A repository below `root`; what is installed for it lies in `site`."""

    root: Path
    site: Path

    def write(self, file: str, text: str = "") -> Path:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def module(self, file: str, text: str = "") -> None:
        """A module of the package, with an __init__ in each folder above it."""
        path = self.write(f"shared/{file}", text)
        for above in path.parents:
            if above == self.root / "shared":
                break
            (above / "__init__.py").touch()

    def install(self, name: str, version: str = "1.0", files: tuple[str, ...] = (), requires: tuple[str, ...] = ()) -> None:
        """A distribution as pip leaves it."""
        info = self.site / f"{name}-{version}.dist-info"
        info.mkdir(parents=True)
        lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {line}" for line in requires)]
        (info / "METADATA").write_text("Metadata-Version: 2.1\n" + "\n".join(lines) + "\n")
        (info / "RECORD").write_text("".join(f"{file},,\n" for file in files))

    def pin(self, *pins: str) -> None:
        """A lock of the server and of these, with a hash each."""
        self.lock(*(f"{pin} {HASH}" for pin in (*(f"{name}==1.0" for name in ALWAYS), *pins)))

    def lock(self, *lines: str) -> None:
        self.write("requirements.txt", "\n".join(lines) + "\n")

    @property
    def installed(self) -> Installed:
        return Installed([str(self.site)])

    @property
    def pins(self) -> Pins:
        return read_pins(self.root)

    def closure(self) -> Closure:
        return close(Library(self.root), Path("functions/one/main.py"))

    def modules(self) -> list[str]:
        return [str(module).removeprefix("ion_mentoring/") for module in self.closure().modules]

    def data(self) -> list[str]:
        return [str(file).removeprefix("ion_mentoring/") for file in self.closure().data]

    def bundle(self) -> Bundle:
        return bundles(self.root, ["one"], self.installed)[0]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A function `one` that imports nothing yet, the platform's server, and pins for it."""
    made = Tree(tmp_path / "repository", tmp_path / "site")
    made.module("ion_mentoring/__init__.py")
    made.write("functions/one/main.py")
    made.write("infra/terraform/functions.json", '{"one": {"kind": "router"}}')
    for name in ALWAYS:
        made.install(name)
    made.pin()
    return made


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """A copy of what the functions of this repository are made from."""
    copy = tmp_path / "copy"
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for folder in ("functions", "infra", "shared"):
        shutil.copytree(REPOSITORY / folder, copy / folder, ignore=ignore)
    shutil.copy(REPOSITORY / "requirements.txt", copy)
    return copy
