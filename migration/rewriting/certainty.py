"""The certainty that something is a pipeline of the old face."""

from collections.abc import Iterable
from enum import Enum


class Sure(Enum):
    """The certainty: by what was seen, by its name alone, not told, told otherwise."""

    YES = "yes"
    NAMED = "named"
    MAYBE = "maybe"
    NO = "no"


def either(*told: Sure) -> Sure:
    """The certainty of what is one of several."""
    return next(one for one in Sure if one in (*told, Sure.NO))


def together(told: Iterable[Sure | None]) -> Sure:
    """The certainty over all bindings of one name; None is a binding that tells nothing. Two that differ do not tell."""
    said = {one for one in told if one}
    if Sure.NO in said and len(said) > 1:
        return Sure.MAYBE
    return either(*said)
