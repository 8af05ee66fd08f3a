"""A flag as the data file declares it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Final, Generic, Literal, TypeVar

from ion_mentoring.catalogue.bilingual import Bilingual
from ion_mentoring.errors import CardInvalid
from ion_mentoring.resources import paths, read_toml

Kind = Literal["boolean", "integer", "float", "string"]  # as OpenFeature calls them
Value = TypeVar("Value", bool, int, float, str)

FILE: Final = "ion_mentoring/flags/flags.toml"
KINDS: Final[Mapping[type, Kind]] = {bool: "boolean", int: "integer", float: "float", str: "string"}


@dataclass(frozen=True, slots=True)
class Flag(Generic[Value]):
    """A flag: its variants by name, and the one that holds where nobody chose another. `owner` decides by `until` what becomes
    of it, `says` is for operators."""

    name: str
    kind: Kind
    owner: str
    until: date
    default: str
    variants: Mapping[str, Value]
    says: Bilingual
    usual: Value = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "usual", self.variants[self.default])


def declared(name: str, kind: type[Value]) -> Flag[Value]:
    """The flag of a name in the data file; CardInvalid where it is missing, or has a variant of another type."""
    entry = entries().get(name)
    if entry is None:
        raise CardInvalid(f"flags.toml: {name}: is missing", field=name)
    try:
        wrong = [variant for variant, value in entry["variants"].items() if type(value) is not kind]
        if wrong or entry["default"] not in entry["variants"]:
            raise CardInvalid(f"flags.toml: {name}: no variant of {KINDS[kind]}: {wrong or entry['default']}", field=name)
        says = Bilingual(ko=entry["ko"], en=entry["en"])
        return Flag(name, KINDS[kind], entry["owner"], entry["until"], entry["default"], entry["variants"], says)
    except KeyError as error:
        raise CardInvalid(f"flags.toml: {name}: lacks {error}", field=name) from error


@cache
def entries() -> Mapping[str, Any]:
    """The data file's entries, by name."""
    return read_toml(paths(FILE)[0])
