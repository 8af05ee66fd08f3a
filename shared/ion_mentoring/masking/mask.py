"""A text, or values of any shape, with personal data replaced by the name of its kind."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ion_mentoring.masking.fold import NOTHING, folded_in_place
from ion_mentoring.masking.forms import KOREAN_DIGITS, SPELLED_AT

if TYPE_CHECKING:  # most texts that are looked at hold nothing, and the forms take their time to compile
    from ion_mentoring.masking.find import Found

# Nothing of any kind is without one of these: a text of ours costs this one look.
_MAY_HOLD: Final = re.compile(
    r"\d[^\n]*\d|\d[A-Z]? [A-Z]|[@:=]|%40|[\[(][Aa][Tt][\])]|(?i: at [\w\-]{1,64} dot )|PRIVATE|eyJ|[Pp]assw|"
    rf"비밀번호|비번|암호|{SPELLED_AT}|[{KOREAN_DIGITS}][ .\-]?[{KOREAN_DIGITS}]"
)


def personal_data(text: str) -> "list[Found]":
    """The pieces of a text that are personal data, in order; none overlaps another."""
    folded = folded_in_place(text)
    hidden = NOTHING in folded
    shown = folded.replace(NOTHING, "") if hidden else folded
    if _MAY_HOLD.search(shown) is None:
        return []
    from ion_mentoring.masking.find import pieces_of

    pieces = pieces_of(shown)
    if not hidden:
        return pieces
    seen = [place for place, letter in enumerate(folded) if letter != NOTHING]
    return [piece._replace(start=seen[piece.start], end=seen[piece.end - 1] + 1) for piece in pieces]


def masked(text: str) -> str:
    """The text with `[phone]`, `[email]` and the like in the place of personal data."""
    if not (found := personal_data(text)):
        return text
    pieces: list[str] = []
    at = 0
    for piece in found:
        pieces += text[at : piece.start], f"[{piece.kind}]"
        at = piece.end
    return "".join((*pieces, text[at:]))


def masked_values(value: Any) -> Any:
    """The same for every text in a value as JSON has it; names of fields are ours, and stay."""
    match value:
        case str():
            return masked(value)
        case Mapping():
            return {name: masked_values(one) for name, one in value.items()}
        case list() | tuple():
            return [masked_values(one) for one in value]
    return value
