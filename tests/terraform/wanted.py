"""What each attribute has to be and why, from the tables in values/, and what is otherwise.

A value is compared as it stands, after `{names}` are put in, which stand for what differs from one of a kind to the next, and
`${key.attribute}` for an attribute of another resource of the same region and function; `key[index]` is the one of that index.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from tests.terraform.made import Made, Resource

TABLES: Final = Path(__file__).parent / "values"
REFERENCE: Final = re.compile(r"\$\{((?:\w+\.)*google_\w+\.\w+)(?:\[([^\]]*)\])?\.([\w.]+)\}")
NAME: Final = re.compile(r"(?<!\$)\{(\w+)\}")
EACH: Final = "for_each"
CONSTANTS: Final = {"true": True, "false": False}

Table = Mapping[str, tuple[Any, str]]
Names = Callable[[Resource], Mapping[str, Any]]


def read(name: str) -> dict[str, Any]:
    """One table, as it is written."""
    return tomllib.loads((TABLES / f"{name}.toml").read_text(encoding="utf-8"))


COMMON: Final = read("common")
FREE: Final = frozenset(COMMON["free"]["attributes"])


def tables(*names: str) -> dict[str, Table]:
    """The attributes of resources by key: what each has to be, and why; a key may stand in several tables."""
    found: dict[str, dict[str, tuple[Any, str]]] = {}
    for name in names:
        for key, attributes in read(name).items():
            if "google_" in key:
                found.setdefault(key, {}).update({path: told(path, entry) for path, entry in attributes.items()})
    return found


def told(path: str, entry: Any) -> tuple[Any, str]:
    """A value and its reason."""
    if isinstance(entry, list):
        value, why = entry
        return value, why
    return entry, COMMON["why"][path.rpartition(".")[2]]


def resolved(value: Any, names: Mapping[str, Any], made: Made) -> Any:
    """The value with names put in and references looked up."""
    if isinstance(value, list):
        return [resolved(one, names, made) for one in value]
    if not isinstance(value, str):
        return value
    lone = NAME.fullmatch(value)
    if lone:
        return {**CONSTANTS, **names}[lone[1]]
    named = NAME.sub(lambda found: str(names.get(found[1], found[0])), value)
    return REFERENCE.sub(lambda found: str(_referred(found, names, made)), named)


def _referred(found: re.Match[str], names: Mapping[str, Any], made: Made) -> Any:
    key, index, attribute = found.groups()
    known = {name: str(names[name]) for name in ("region", "function") if name in names}
    other = made.one(key, **known, **({"each": index} if index else {}))
    return other.leaves[attribute]


def differences(table: Mapping[str, Table], made: Made, names: Names) -> Iterator[str]:
    """A sentence for each attribute that is not as its table says, or that is missing."""
    for key, attributes in table.items():
        if not made.of(key):
            yield f"{key}: there is none"
        each, why = attributes.get(EACH, (None, ""))
        has = sorted({one.indices["each"] for one in made.of(key)}) if each else None
        if each != has:
            yield f"{key}: there is one of each of {has} and there has to be one of {each}: {why}"
    for resource in made.resources:
        if resource.key in table:
            yield from _otherwise(resource, table[resource.key], names(resource), made)


def _otherwise(resource: Resource, table: Table, names: Mapping[str, Any], made: Made) -> Iterator[str]:
    has = resource.leaves
    own = {"project": (names["project"], COMMON["why"]["project"])} if "project" in has else {}
    for path, (value, why) in {**own, **table}.items():
        if path == EACH or path in names.get("without", ()):
            continue
        wanted = resolved(value, names, made)
        if has.get(path) != wanted:
            yield f"{resource.address}: {path} is {has.get(path)!r} and has to be {wanted!r}: {why}"


def unknown(planned: Iterable[Resource], table: Mapping[str, Table], elsewhere: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """A sentence for each attribute that the configuration sets and no table has; `elsewhere` are parts that others compare."""
    for resource in planned:
        if resource.key in table:
            yield from _unsaid(resource, table[resource.key], elsewhere.get(resource.key, ()))


def _unsaid(resource: Resource, table: Table, elsewhere: tuple[str, ...]) -> Iterator[str]:
    for path in resource.leaves:
        known = path in table or path.rpartition(".")[2] in FREE or path == "project" or path.startswith(elsewhere)
        if not known:
            yield f"{resource.address}: {path} is set, and no table in tests/terraform/values says what it has to be and why"
