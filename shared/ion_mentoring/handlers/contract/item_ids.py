"""The ids under which the items of a batch message are kept: their own, and where they have none, one that no other item has.

An id of ours is made of the message's id and the item's place, so that it is the same each time the message comes, and no
other message of the batch makes it.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

LENGTH: Final = 128
WRONG: Final = "VALIDATION_ERROR: item_id"
TWICE: Final = "DUPLICATE_ITEM: item_id"


class Sent(NamedTuple):
    """One item as it was sent: its place, the id that its sender gave it, if any, and what it asks."""

    place: int
    item_id: Any
    request: Any


class Named(NamedTuple):
    """An item under its id, and why it cannot be asked where that is because of the id."""

    item_id: str
    request: Any
    refused: str | None = None


def named(items: Sequence[Sent], message_id: str) -> Iterator[Named]:
    """The items, each under an id of its own. One that comes twice just as it is comes once; of others with the same id the
    first has it, and the next are refused."""
    first: dict[str, Any] = {}
    taken = {own for item in items if (own := _own(item))}
    for item in items:
        own = _own(item)
        if own is None:
            yield Named(_ours(item, message_id, taken), item.request, None if item.item_id is None else WRONG)
        elif own not in first:
            first[own] = item.request
            yield Named(own, item.request)
        elif first[own] != item.request:
            yield Named(_ours(item, message_id, taken), item.request, TWICE)


def _own(item: Sent) -> str | None:
    """The sender's id, None where it is none: text, or a number."""
    fits = isinstance(item.item_id, str | int) and not isinstance(item.item_id, bool)
    return str(item.item_id) if fits and 1 <= len(str(item.item_id)) <= LENGTH else None


def _ours(item: Sent, message_id: str, taken: set[str]) -> str:
    name = f"{message_id or 'message'}-{item.place}"
    while name in taken:
        name += "-"
    return name
