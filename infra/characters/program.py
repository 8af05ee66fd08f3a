"""`python -m infra.characters.program`: persona cards to and from character cards (v2, JSON).

`export lua --language en` prints the character card of a persona. `import card.json --name sena` adds a persona of one, with
its function; with `--replace`, the card of a persona that is there.
"""

import argparse
import json
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from infra.characters.mapping import exported, imported
from infra.characters.toml_text import toml
from infra.persona import CARDS, ROOT, planned, write
from infra.user_error import UserError
from ion_mentoring.personas.card import Card

NOTE: Final = "# Made of a character card by infra/characters; its own texts stand in `character`.\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Converts; 0, or 1 with a sentence about what is wrong."""
    parser = argparse.ArgumentParser(description="Persona cards to and from character cards (chara_card_v2, JSON).")
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository (default: the one of this program)")
    commands = parser.add_subparsers(dest="command", required=True)
    out = commands.add_parser("export", help="print the character card of a persona")
    out.add_argument("persona")
    out.add_argument("--language", choices=("ko", "en"), default="en")
    into = commands.add_parser("import", help="make a persona of a character card")
    into.add_argument("file", type=Path)
    into.add_argument("--name", required=True, help="lower case, such as sena")
    into.add_argument("--replace", action="store_true", help="the card of a persona that is there")
    asked = parser.parse_args(arguments)
    try:
        if asked.command == "export":
            print(json.dumps(exported(_card(asked.root, asked.persona), asked.language), ensure_ascii=False, indent=2))
        else:
            _import(asked.root, asked.file, asked.name, replace=asked.replace)
    except UserError as error:
        print(f"characters: {error}", file=sys.stderr)
        return 1
    return 0


def _card(root: Path, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((root / CARDS / f"{name}.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise UserError(f"no card of {name!r}: {error}") from error


def _import(root: Path, file: Path, name: str, *, replace: bool) -> None:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{file}: no JSON (of a picture, export the JSON in it first): {error}") from error
    place = CARDS / f"{name}.toml"
    files = {} if replace else dict(planned(root, name))
    base = _card(root, name) if replace else tomllib.loads(files[place])
    card = {**imported(document, base), "id": name, "listed": base["listed"]}
    try:
        Card.model_validate(card)
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)[0]
        raise UserError(f"{'.'.join(map(str, wrong['loc']))}: {wrong['msg']}") from error
    files[place] = NOTE + toml(card)
    write(root, files)
    for written in files:
        print(f"wrote {written.as_posix()}")
    print("Now: make persona-lint, which says what the card lacks.")


if __name__ == "__main__":
    sys.exit(main())
