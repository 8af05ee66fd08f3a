"""The kinds of what is kept of a person: each store of them is listed once, and is then erased with the person."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonalKind:
    """One kind: its name in what is told of an erasure, and how what is a holder's (a keyed name) goes.

    `erase` counts what went; asked again, it goes on, and at last counts nothing.
    """

    name: str
    erase: Callable[[str], Awaitable[int]]
