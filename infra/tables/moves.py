"""The table of what redeploys when a file changes: the functions whose bundles have the file. Tests change some to see that.

`python infra/tables/moves.py` prints the table of docs/redeploys.md, `--write` puts it there.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from infra.bundle import Bundle, bundles
from infra.bundling.library import SHARED
from infra.bundling.pins import Installed
from infra.functions import read_map
from infra.tables.pages import PAGES, put
from infra.user_error import UserError

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE: Final = PAGES / "redeploys.md"
LIBRARY: Final = Path("shared/ion_mentoring")
CARDS: Final = LIBRARY / "personas/cards"
PINS: Final = Path("requirements.txt")
DEPLOYED: Final = ("functions", "shared")  # what bundles are made from; nothing else may move one
COMMENT: Final = {".py": b"\n# changed\n", ".toml": b"\n# changed\n"}
PINNED: Final = ("functions-framework", "google-cloud-firestore", "valkey", "google-genai", "PyJWT", "sentry-sdk")

Moved = frozenset[str]


@dataclass(frozen=True, slots=True)
class Row:
    """Files of one room that move the same functions."""

    room: str
    files: tuple[str, ...]
    moved: Moved


class Copy:
    """A copy of the repository in which one thing at a time is changed, and set right again."""

    def __init__(self, root: Path, installed: Installed) -> None:
        self._root = root
        self._installed = installed
        self._before = self._made()

    def moved_by(self, *files: Path) -> Moved:
        """The functions whose bundles are other ones while these files are changed."""
        with self._changed(files):
            return self._moved()

    def moved_with(self, *files: Path) -> Moved:
        """The functions whose bundles have one of these files: those that move when it changes, since a name is a content's."""
        asked = set(files)
        return frozenset(name for name, one in self._before.items() if not asked.isdisjoint(_files_of(one)))

    def moved_by_pin(self, name: str) -> Moved:
        """The functions whose bundles pin a package: its line in requirements.txt is a line of theirs."""
        holding = {one.name for one in self._before.values() for pin in one.pins if pin.name == name.lower()}
        if not holding:
            raise UserError(f"{PINS}: no function needs {name}")
        return frozenset(holding)

    @contextmanager
    def _changed(self, files: Sequence[Path]) -> Iterator[None]:
        kept = {file: (self._root / file).read_bytes() for file in files}
        for file, content in kept.items():
            (self._root / file).write_bytes(content + COMMENT.get(file.suffix, b"\n"))
        try:
            yield
        finally:
            for file, content in kept.items():
                (self._root / file).write_bytes(content)

    def _moved(self) -> Moved:
        after = self._made()
        return frozenset(name for name, one in after.items() if name not in self._before or one.file != self._before[name].file)

    def _made(self) -> Mapping[str, Bundle]:
        return {one.name: one for one in bundles(self._root, installed=self._installed)}


def _files_of(one: Bundle) -> Iterator[Path]:
    yield one.closure.main
    yield from (SHARED / file for file in (*one.closure.modules, *one.closure.data))


@contextmanager
def copied(root: Path) -> Iterator[Path]:
    """A copy of the files that the repository tracks, or would."""
    with tempfile.TemporaryDirectory() as folder:
        for file in tracked(root):
            (Path(folder) / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / file, Path(folder) / file)
        yield Path(folder)


def tracked(root: Path) -> list[Path]:
    """The repository's files, without what git ignores."""
    asking = ["git", "-C", str(root), "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(asking, check=False, capture_output=True, text=True)
    if done.returncode:
        raise UserError(f"{root}: {done.stderr.strip()}")
    return [Path(line) for line in done.stdout.splitlines() if (root / line).is_file()]


def rows(copy: Copy, files: Iterable[Path]) -> list[Row]:
    """One row for what moves the same functions: each deployed file by itself, the rest of the repository a room at once."""
    together: dict[tuple[str, Moved], list[str]] = defaultdict(list)
    rooms: dict[str, list[Path]] = defaultdict(list)
    for file in files:
        if file.parts[0] in DEPLOYED:
            together[room(file), copy.moved_with(file)].append(file.name)
        elif file != PINS:
            rooms[room(file)].append(file)
    for name, others in rooms.items():
        together[name, copy.moved_with(*others)].append("all of it")
    for name in PINNED:
        together[f"{PINS}: {name}", copy.moved_by_pin(name)].append(name)
    return [Row(name, tuple(sorted(found)), moved) for (name, moved), found in together.items()]


def room(file: Path) -> str:
    """The room of a file, as the table calls it: a card and a function by itself, else its folder."""
    if file.parent == CARDS:
        return f"card {file.stem}"
    if file.is_relative_to(LIBRARY):
        inner = file.relative_to(LIBRARY).parts
        return f"{inner[0]}/" if len(inner) > 1 else "the library's first floor"
    if file.parts[0] == "functions" and len(file.parts) > 2:
        return f"functions/{file.parts[1]}/"
    return f"{file.parts[0]}/" if len(file.parts) > 1 else "files at the top"


def table(found: Sequence[Row], functions: Sequence[str]) -> str:
    """In Markdown: what moves most comes first."""
    heads = ["what changes", "files", *functions]
    in_order = sorted(found, key=lambda row: (-len(row.moved), row.room, row.files))
    body = [[row.room, _files(row.files), *("●" if name in row.moved else "" for name in functions)] for row in in_order]
    lines = [heads, ["---"] * len(heads), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _files(names: tuple[str, ...]) -> str:
    telling = [name for name in names if not name.startswith("__")] or names
    return names[0] if len(names) == 1 else f"{len(names)}, such as {telling[0]}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints or writes the table; 0, or 1 with a sentence about what is wrong."""
    parser = argparse.ArgumentParser(description="What redeploys when a file changes.")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: the one of this program)")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE}")
    asked = parser.parse_args(arguments)
    try:
        with copied(asked.root) as root:
            made = table(rows(Copy(root, Installed()), tracked(asked.root)), list(read_map(root)))
        if asked.write:
            put(PAGE, made)
    except UserError as error:
        print(f"moves: {error}", file=sys.stderr)
        return 1
    print(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
