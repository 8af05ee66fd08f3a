"""The product's data files, named by literal paths so that a bundle can be told which of them it needs.

A module that reads data says so in one string literal that begins with `ion_mentoring/`, for instance
`"ion_mentoring/personas/cards/*.toml"`. infra/bundle.py follows exactly these literals.
"""

import tomllib
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from ion_mentoring.errors import CardInvalid

Model = TypeVar("Model", bound=BaseModel)
Data = TypeVar("Data")

PARSED: Final = ".toml.json"  # what infra/bundling/parsed.py calls the contents of a TOML file

ROOT = Path(__file__).resolve().parent.parent


def paths(pattern: str) -> list[Path]:
    """The files that match `pattern` (a path or glob from the package's parent), sorted; CardInvalid if there is none."""
    found = sorted(ROOT.glob(pattern))
    if not found:
        raise CardInvalid(f"{pattern}: no such data file")
    return found


def read_text(path: str) -> str:
    """The UTF-8 text of one data file."""
    return paths(path)[0].read_text(encoding="utf-8")


def read_bytes(path: str) -> bytes:
    """The bytes of one data file."""
    return paths(path)[0].read_bytes()


def read_toml(path: Path) -> dict[str, Any]:
    """One TOML file as a dict; CardInvalid with the file's name and the line if it is not TOML or not UTF-8.

    A bundle has the same as JSON beside most of them, which is read in a tenth of the time.
    """
    try:
        if (parsed := path.with_suffix(PARSED)).is_file():
            return dict(from_json(parsed.read_bytes()))
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CardInvalid(f"{path.name}: {error}") from error


def read_model(model: type[Model], path: Path) -> Model:
    """One TOML file as a checked model; CardInvalid names the file, the field and what is wrong with it."""
    try:
        return model.model_validate(read_toml(path))
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(step) for step in wrong["loc"])
        raise CardInvalid(f"{path.name}: {field}: {wrong['msg']}", field=field) from error


def read_data(kind: type[Data], path: Path) -> Data:
    """One TOML file of the product's own as values of a kind; CardInvalid says in which file and where what is wrong."""
    try:
        if (parsed := path.with_suffix(PARSED)).is_file():
            return msgspec.json.decode(parsed.read_bytes(), type=kind)
        return msgspec.convert(read_toml(path), kind)
    except msgspec.ValidationError as error:
        raise CardInvalid(f"{path.name}: {error}") from error
