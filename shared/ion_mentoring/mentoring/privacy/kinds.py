"""The kinds of what is kept of a person: each store of them is listed once, is erased with the person, and is in an export."""

from collections.abc import AsyncIterator, Awaitable, Callable

from msgspec import Struct

Erase = Callable[[str], Awaitable[int]]
Read = Callable[[str], AsyncIterator[object]]


class PersonalKind(Struct, frozen=True):
    """One kind under its name in the table of what is kept: how what is a holder's (a keyed name) goes, and how what is an
    owner's is read, some at a time.

    `erase` counts what went; asked again, it goes on, and at last counts nothing. Without it, the kind ends by itself.
    """

    name: str
    erase: Erase | None
    read: Read
