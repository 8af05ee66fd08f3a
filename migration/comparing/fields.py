"""The fields of two answers, side by side."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

NEAR: Final = 1e-9  # numbers that differ by less are the same: sums of the old system had noise

WHOLE: Final = "body"  # the path of an answer that is no object


class _Missing:
    def __repr__(self) -> str:
        return "(missing)"


MISSING: Final = _Missing()


@dataclass(frozen=True, slots=True)
class Field:
    """One field by its path, and its value on both sides."""

    path: str
    old: Any
    new: Any

    @property
    def equal(self) -> bool:
        """True if both sides say the same."""
        return same(self.old, self.new)


def fields(old: Any, new: Any, path: str = "") -> Iterator[Field]:
    """The leaves of two JSON values: an object is looked into, anything else is one value."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys((*old, *new)):
            yield from fields(old.get(name, MISSING), new.get(name, MISSING), f"{path}.{name}" if path else str(name))
    else:
        yield Field(path or WHOLE, old, new)


def same(old: Any, new: Any) -> bool:
    """True if two values of JSON say the same; a number is never a string, and true is no number."""
    if _is_number(old) and _is_number(new):
        return math.isclose(old, new, rel_tol=0, abs_tol=NEAR)
    return type(old) is type(new) and bool(old == new)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
