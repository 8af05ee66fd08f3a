"""Adds a persona: its function, a starter card, its entry in the map of functions.

`python infra/persona.py sena` writes functions/sena/main.py, the card sena.toml and one line of functions.json, or nothing.
"""

import argparse
import keyword
import os
import re
import string
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

if __name__ == "__main__":  # a program's own folder comes first by default, and there is no `infra` in it
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from infra.functions import MAP, Functions, read_map, read_text, written
from infra.user_error import UserError

ROOT: Final = Path(__file__).resolve().parent.parent
STARTER: Final = Path(__file__).resolve().parent / "starter.toml"
CARDS: Final = Path("shared/ion_mentoring/personas/cards")
OTHERS: Final = re.compile(r'\(\s*(card="[^"]*"),\s*variants="[^"]*",?\s*\)')  # a new persona has no other cards
NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,30}")
STEP: Final = 10  # between the places of two personas in the roster, so that one fits between them


def planned(root: Path, name: str) -> Mapping[Path, str]:
    """The files that a new persona changes in the repository at `root`, the map last; UserError if it cannot be added."""
    functions = read_map(root)
    main, card = _main(name), CARDS / f"{name}.toml"
    _check(root, name, functions, card)
    model = _model(functions)
    return {
        card: _card(root, name),
        main: _renamed(read_text(root, _main(model)), model, name),
        MAP: written(_with(functions, name, model)),
    }


def write(root: Path, files: Mapping[Path, str]) -> None:
    """Writes the files, all or none: what is written first is taken back if a later one cannot be."""
    new: list[Path] = []
    try:
        for file, text in files.items():
            _put(root / file, text, new)
    except OSError as error:
        for path in reversed(new):
            path.rmdir() if path.is_dir() else path.unlink()
        raise UserError(f"{error.filename}: {error.strerror}; nothing was added") from error


def main(arguments: Sequence[str] | None = None) -> int:
    """Adds a persona and says what to do next; 0, or 1 with a sentence about what is wrong."""
    parser = argparse.ArgumentParser(description="Add a persona: its function, a starter card, its entry in the map.")
    parser.add_argument("name", nargs="?", default="", help="lower case, such as sena")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: the one of this program)")
    asked = parser.parse_args(arguments)
    try:
        files = planned(asked.root, asked.name)
        write(asked.root, files)
    except UserError as error:
        print(f"persona: {error}", file=sys.stderr)
        return 1
    for file in files:
        print(f"wrote {file.as_posix()}")
    print(f"Now edit the card where it says EDIT, then: make run, and ask {asked.name}.")
    return 0


def _check(root: Path, name: str, functions: Functions, card: Path) -> None:
    if not NAME.fullmatch(name):
        raise UserError(f"{name!r} is no name: 2 to 31 of a-z, 0-9 and _, a letter first (make persona name=sena)")
    if keyword.iskeyword(name):
        raise UserError(f"{name!r} is a word of Python's own; choose another name")
    if name in functions:
        raise UserError(f"there is a function {name!r} already")
    for path in (_main(name).parent, card):
        if (root / path).exists():
            raise UserError(f"{path.as_posix()} is there already")


def _main(name: str) -> Path:
    return Path("functions", name, "main.py")


def _model(functions: Functions) -> str:
    """The persona whose function and limits the new one starts with."""
    personas = [name for name, entry in functions.items() if entry.get("kind") == "persona"]
    if not personas:
        raise UserError(f"{MAP}: has no persona whose function could be copied")
    return personas[0]


def _renamed(source: str, model: str, name: str) -> str:
    """A persona function's source with the one word changed: the name of its card."""
    before, found, after = OTHERS.sub(r"(\1)", source).partition(f'cards/{model}.toml"')
    if not found or model in re.findall(r"\w+", before + after):
        raise UserError(f"{_main(model).as_posix()}: does not name {model} exactly once, as its card")
    return f'{before}cards/{name}.toml"{after}'


def _with(functions: Functions, name: str, model: str) -> Functions:
    """The map with the new persona after the last one."""
    last = [known for known, entry in functions.items() if entry.get("kind") == "persona"][-1]
    grown: dict[str, Mapping[str, object]] = {}
    for known, entry in functions.items():
        grown[known] = entry
        if known == last:
            grown[name] = functions[model]
    return grown


def _card(root: Path, name: str) -> str:
    """The starter card, listed last."""
    places = [_listed(root, file.relative_to(root)) for file in sorted((root / CARDS).glob("*.toml"))]
    listed = max(places, default=0) // STEP * STEP + STEP
    starter = string.Template(STARTER.read_text(encoding="utf-8"))
    return starter.substitute(id=name, name=name.replace("_", " ").title(), listed=listed)


def _listed(root: Path, card: Path) -> int:
    try:
        return int(tomllib.loads(read_text(root, card))["listed"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise UserError(f"{card.as_posix()}: is no card with a place in the roster: {error}") from error


def _put(path: Path, text: str, new: list[Path]) -> None:
    """Writes one file by way of another, so that it is never half there; what did not exist before is added to `new`."""
    if not path.parent.exists():
        path.parent.mkdir()
        new.append(path.parent)
    unfinished = path.with_name(f".{path.name}.unfinished")
    existed = path.exists()
    try:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    if not existed:
        new.append(path)


if __name__ == "__main__":
    sys.exit(main())
