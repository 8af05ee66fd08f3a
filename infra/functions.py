"""The map of functions, infra/terraform/functions.json: read by Terraform, by the bundler and by whoever adds to it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from infra.user_error import UserError

MAP: Final = Path("infra/terraform/functions.json")

Functions = Mapping[str, Mapping[str, Any]]


def read_map(root: Path) -> Functions:
    """The functions of the repository at `root`, in the map's order; UserError if it is missing or is no such map."""
    text = read_text(root, MAP)
    try:
        functions = json.loads(text)
    except json.JSONDecodeError as error:
        raise UserError(f"{MAP}:{error.lineno}: {error.msg}") from error
    if not isinstance(functions, dict) or not all(isinstance(entry, dict) for entry in functions.values()):
        raise UserError(f"{MAP}: is no object of objects")
    return functions


def written(functions: Functions) -> str:
    """The map as text, one function a line, so that a change of one is a change of one line."""
    lines = (f"  {json.dumps(name)}: {json.dumps(entry, ensure_ascii=False)}" for name, entry in functions.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read_text(root: Path, file: Path) -> str:
    """The UTF-8 text of a file of the repository at `root`; UserError, with the file named as in the repository."""
    try:
        return (root / file).read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(f"{file.as_posix()}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{file.as_posix()}: is not UTF-8") from error
