"""The changes of a variant, applied to what is usual: tables are merged, everything else takes the place of what was there."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ion_mentoring.errors import CardInvalid

Whole = TypeVar("Whole", bound=BaseModel)


def changed(usual: Whole, changes: Mapping[str, Any], path: Path) -> Whole:
    """The usual value with changes; CardInvalid names the file, the field and what is wrong with it."""
    try:
        return type(usual).model_validate(_merged(usual.model_dump(mode="json"), changes))
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)[0]
        field = ".".join(str(step) for step in wrong["loc"])
        raise CardInvalid(f"{path.name}: {field}: {wrong['msg']}", field=field) from error


def must_follow(path: Path, usual: int, based_on: int, version: int) -> None:
    """CardInvalid where a file stands on another version of what is usual, or has no version of its own."""
    if based_on != usual:
        raise CardInvalid(f"{path.name}: based_on: is {based_on}, and the usual one is {usual}", field="based_on")
    if version <= usual:
        raise CardInvalid(f"{path.name}: version: has to be above {usual}, the usual one's", field="version")


def _merged(usual: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(usual)
    for name, value in changes.items():
        before = merged.get(name)
        merged[name] = _merged(before, value) if isinstance(before, Mapping) and isinstance(value, Mapping) else value
    return merged
