"""Personal data in a folded text, by kind and place; imported with the first text that may hold any."""

from collections.abc import Callable, Iterator
from typing import Final, Literal, NamedTuple

from ion_mentoring.masking.contacts import mails, phones
from ion_mentoring.masking.numbers import Span, accounts, cards, passports, residents
from ion_mentoring.masking.places import addresses
from ion_mentoring.masking.secrets import secrets

Kind = Literal["secret", "email", "resident", "card", "phone", "passport", "account", "address"]

_KINDS: Final[tuple[tuple[Kind, Callable[[str], Iterator[Span]]], ...]] = (
    ("secret", secrets),
    ("email", mails),
    ("resident", residents),
    ("card", cards),
    ("phone", phones),
    ("passport", passports),
    ("account", accounts),
    ("address", addresses),
)


class Found(NamedTuple):
    """A piece of a text, from `start` to before `end`, and of which kind it is."""

    kind: Kind
    start: int
    end: int


def pieces_of(text: str) -> list[Found]:
    """The pieces of a folded text that are personal data, in order; none overlaps another."""
    pieces = [Found(kind, *span) for kind, find in _KINDS for span in find(text)]
    pieces.sort(key=lambda piece: (piece.start, -piece.end))
    return list(_apart(pieces))


def _apart(pieces: list[Found]) -> Iterator[Found]:
    """Those pieces, in order; what overlaps is one piece, of the kind of the first."""
    held: Found | None = None
    for piece in pieces:
        if held and piece.start < held.end:
            held = held._replace(end=max(held.end, piece.end))
            continue
        if held:
            yield held
        held = piece
    if held:
        yield held
