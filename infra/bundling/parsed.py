"""TOML files as a bundle has them beside themselves: parsed, as JSON."""

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Final

TOML: Final = ".toml"
PARSED: Final = ".toml.json"  # ion_mentoring/resources.py looks for it


def parsed(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """The JSON of each TOML file among the contents of a bundle, by its name; none for one with dates, which JSON has not."""
    files = {name: text for name, text in contents.items() if name.endswith(TOML)}
    return {_beside(name): said.encode() for name, text in files.items() if (said := _said(text))}


def _beside(name: str) -> str:
    return str(PurePosixPath(name).with_suffix(PARSED))


@cache
def _said(text: bytes) -> str | None:
    """One file as JSON. The bundles of a set share most of theirs, so each is parsed once."""
    try:
        return json.dumps(tomllib.loads(text.decode()), ensure_ascii=False, separators=(",", ":"))
    except TypeError:  # a date
        return None
