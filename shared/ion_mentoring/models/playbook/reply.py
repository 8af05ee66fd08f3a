"""The reply of the playbook to one turn, and which moves answer a later one."""

from typing import Final

from msgspec import Struct

from ion_mentoring.models.shape import Move, Occasion


class Reply(Struct, frozen=True):
    """A text, the situation that it is about, the titles that it offers, and the moves that it makes, in order.

    `parts` are the moves with their words, where the text is made of them.
    """

    text: str
    topics: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    parts: tuple[tuple[str, str], ...] = ()


class FollowUp(Struct, frozen=True):
    """The answer to a later turn: how many of the moves are made, in which order they are tried, and whether it asks back."""

    moves: tuple[Move, ...]
    most: int
    asks: bool


FOLLOW_UPS: Final[dict[Occasion, FollowUp]] = {
    "tried": FollowUp(("option", "people", "step", "message"), 1, asks=True),
    "other_way": FollowUp(("option", "people", "step", "message"), 1, asks=True),
    "why": FollowUp(("insight", "pattern", "measure"), 2, asks=False),
    "meaning": FollowUp(("example", "insight", "pattern"), 1, asks=True),
    "example": FollowUp(("example", "message", "option"), 1, asks=False),
    "longer": FollowUp(("pattern", "options", "trap", "measure", "people", "steps"), 3, asks=False),
    "words": FollowUp(("message",), 1, asks=False),
    "next": FollowUp(("step", "measure", "people"), 2, asks=False),
    "yes": FollowUp(("step", "measure", "trap"), 1, asks=False),
    "no": FollowUp(("option", "people", "step"), 1, asks=True),
    "fact": FollowUp(("insight", "step", "pattern", "trap", "option"), 2, asks=True),
    "complaint": FollowUp(("option", "trap", "step", "people"), 1, asks=True),
}
