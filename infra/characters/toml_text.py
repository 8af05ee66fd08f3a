"""TOML of plain values, for cards that are made by a program."""

import json
from collections.abc import Mapping
from typing import Any


def toml(values: Mapping[str, Any]) -> str:
    """The text of a table: single values first, then tables of tables by name; reading it gives the same values."""
    return "\n".join(_lines(values, ())) + "\n"


def _lines(values: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    lines = [f"{_key(name)} = {_value(value)}" for name, value in values.items() if not _deep(value)]
    for name, value in values.items():
        if _deep(value):
            inner = _lines(value, (*path, name))
            head = f"\n[{'.'.join(map(_key, (*path, name)))}]"
            plain = any(not _deep(one) for one in value.values())
            lines += [head, *inner] if plain else inner
    return lines


def _deep(value: object) -> bool:
    """True for a table that is easier to read as one of its own: with lists or tables in it, or with many values."""
    return isinstance(value, dict) and (len(value) > 4 or any(isinstance(one, dict) for one in value.values()))


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


def _key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else json.dumps(name, ensure_ascii=False)
