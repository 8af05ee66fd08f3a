"""Makes one zip a function, its import closure: build/<name>-<hash>.zip.

`python infra/bundle.py [name ...]` makes them (all by default), `--list` says what would go into each and makes none.
The hash is of the zip's bytes: a function's bundle is called differently if and only if something that it can reach changed.
"""

import argparse
import hashlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from infra.bundling.archive import packed
from infra.bundling.closure import Closure, close
from infra.bundling.library import SHARED, Library
from infra.bundling.lock import Pin, Pins, read_pins
from infra.bundling.parsed import parsed
from infra.bundling.pins import Installed, needed
from infra.bundling.platform import PLATFORM
from infra.bundling.unpacked import unpacked
from infra.functions import MAP, read_map
from infra.user_error import UserError

ROOT: Final = Path(__file__).resolve().parent.parent
BUILD: Final = Path("build")
HASH_DIGITS: Final = 16
VERSION: Final = ".python-version"  # else the buildpack takes the newest Python there is, for a base image of another one


@dataclass(frozen=True, slots=True)
class Bundle:
    """One function's zip, and what went into it."""

    name: str
    closure: Closure
    pins: tuple[Pin, ...]
    content: bytes
    files: int

    @property
    def digest(self) -> str:
        """The part of the SHA-256 that the file's name carries."""
        return hashlib.sha256(self.content).hexdigest()[:HASH_DIGITS]

    @property
    def file(self) -> str:
        """The name of the zip."""
        return f"{self.name}-{self.digest}.zip"


def bundle(library: Library, name: str, pins: Pins, installed: Installed) -> Bundle:
    """The bundle of one function beside the library; UserError if it cannot be told what belongs into it."""
    root, closure = library.root, close(library, Path("functions", name, "main.py"))
    required = needed(closure.foreign, pins, installed)
    contents = {str(file): (root / SHARED / file).read_bytes() for file in (*closure.modules, *closure.data)}
    contents |= parsed(contents)
    contents |= unpacked(contents)
    contents["main.py"] = (root / closure.main).read_bytes()
    contents["requirements.txt"] = "".join(pin.lines for pin in required).encode()
    contents[VERSION] = f"{PLATFORM['python_version']}\n".encode()
    return Bundle(name, closure, required, packed(contents), len(contents))


def bundles(root: Path, names: Sequence[str] = (), installed: Installed | None = None) -> tuple[Bundle, ...]:
    """The bundles of these functions, or of all in the map; UserError if one is unknown or cannot be made."""
    known = read_map(root)
    for name in names:
        if name not in known:
            raise UserError(f"there is no function {name!r} in {MAP}; there are {', '.join(known)}")
    library, pins, here = Library(root), read_pins(root), installed or Installed()
    return tuple(bundle(library, name, pins, here) for name in names or known)


def write(made: Sequence[Bundle], build: Path) -> None:
    """Writes the zips into `build`, where each takes the place of its function's earlier one."""
    try:
        build.mkdir(parents=True, exist_ok=True)
        for one in made:
            unfinished = build / f".{one.file}"
            unfinished.write_bytes(one.content)
            os.replace(unfinished, build / one.file)
            for earlier in build.glob(f"{one.name}-{'[0-9a-f]' * HASH_DIGITS}.zip"):
                if earlier.name != one.file:
                    earlier.unlink()
    except OSError as error:
        raise UserError(f"{build}: {error.strerror}") from error


def described(one: Bundle) -> str:
    """The contents of a bundle, for people."""
    parts = (("modules", one.closure.modules), ("data", one.closure.data), ("pins", one.pins))
    lines = (f"  {title} ({len(entries)})\n" + "".join(f"    {entry}\n" for entry in entries) for title, entries in parts)
    return f"{one.name}\n" + "".join(lines)


def table(made: Sequence[Bundle]) -> str:
    """Name, hash, size in bytes and number of files, one bundle a line."""
    rows = [("function", "hash", "bytes", "files"), *((b.name, b.digest, f"{len(b.content):,}", str(b.files)) for b in made)]
    wide = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(f"{n:<{wide[0]}}  {h:<{wide[1]}}  {s:>{wide[2]}}  {f:>{wide[3]}}" for n, h, s, f in rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Makes or lists bundles; 0, or 1 with a sentence about what is wrong."""
    parser = argparse.ArgumentParser(description="One zip a function under build/, named by its content.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"functions of {MAP} (default: all)")
    parser.add_argument("--list", action="store_true", help="say what would go into each, and make none")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: the one of this program)")
    asked = parser.parse_args(arguments)
    try:
        made = bundles(asked.root, tuple(dict.fromkeys(asked.names)))
        if asked.list:
            print("\n".join(described(one) for one in made))
        else:
            write(made, asked.root / BUILD)
    except UserError as error:
        print(f"bundle: {error}", file=sys.stderr)
        return 1
    print(table(made))
    return 0


if __name__ == "__main__":
    sys.exit(main())
