"""The texts that the program says, in the language of the locale: Korean or English."""

import locale
import os
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

LOCALE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")  # in this order, as POSIX has it (XBD 8.2)


def text(name: str, /, **values: object) -> str:
    """The text of that name (`table.entry`) with its slots filled; KeyError if there is none."""
    table, _, entry = name.partition(".")
    return _texts()[table][entry][language()].format(**values)


@cache
def language() -> str:
    """The language of the locale: `ko`, or `en` for any other."""
    said = next((os.environ[name] for name in LOCALE if os.environ.get(name)), None)
    if said is None:  # Windows, and programs that a desktop starts
        said = locale.getlocale()[0] or ""
    return "ko" if said.lower().startswith("ko") else "en"


@cache
def _texts() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads((files("ion_cli") / "texts.toml").read_text(encoding="utf-8"))
