"""Settings that are a JSON list of entries, each of one model."""

import json
from collections.abc import Collection
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

Entry = TypeVar("Entry")


def entries_of(setting: str, adapter: TypeAdapter[tuple[Entry, ...]], fields: Collection[str]) -> tuple[Entry, ...]:
    """The entries of a list; ValueError names the entry and which of these fields is wrong, and shows no value."""
    try:
        return adapter.validate_python(json.loads(setting), strict=False)
    except (json.JSONDecodeError, RecursionError):
        raise ValueError("is no JSON") from None
    except ValidationError as error:
        raise ValueError(_said(error, fields)) from None


def _said(error: ValidationError, fields: Collection[str]) -> str:
    wrong: Any = error.errors(include_input=False, include_url=False, include_context=False)[0]
    place, *path = wrong["loc"] or ("",)
    entry = f"entry {int(place) + 1}: " if isinstance(place, int) else ""
    named = [name for name in path if name in fields]
    field = f"{'.'.join(named)}: " if named else ""
    return f"{entry}{field}{wrong['msg'].removeprefix('Value error, ')}"
