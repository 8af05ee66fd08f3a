"""A short question which of a few situations is meant, and what the person chose from it in the next turn.

The choice is read from the conversation alone: the list that the mentor wrote, and a number or a title in the answer to it.
"""

import re
from collections.abc import Sequence
from typing import Final

from ion_mentoring.models.protocol import Message
from ion_mentoring.understanding.folding import folded

LONGEST_CHOICE: Final = 60  # characters of an answer that is nothing but a choice
_LINE: Final = re.compile(r"^([1-9])\. (.+)$", re.MULTILINE)
_NUMBER: Final = re.compile(r"(?<!\d)([1-9])(?!\d)")
_ORDINALS: Final = (
    re.compile(r"첫 ?(?:번째|째)|하나|\bfirst\b|^one\b"),
    re.compile(r"두 ?(?:번째|째)|둘|\bsecond\b|\btwo\b"),
    re.compile(r"세 ?(?:번째|째)|셋|\bthird\b|\bthree\b"),
)


def listed(titles: Sequence[str], steps: Sequence[str] = ()) -> str:
    """The titles as a numbered list; with a first step below each, so that who finds their own has something to do at once."""
    below = [f"\n   {step}" for step in steps] or [""] * len(titles)
    return "\n".join(f"{number}. {title}{step}" for number, (title, step) in enumerate(zip(titles, below, strict=True), 1))


def listed_titles(messages: Sequence[Message]) -> tuple[str, ...]:
    """The titles of the list that the message before the last one offers; none where it offers none."""
    if len(messages) < 2 or messages[-2].role != "assistant":
        return ()
    return tuple(line[2] for line in _LINE.finditer(messages[-2].content))


def chosen(titles: Sequence[str], text: str) -> str | None:
    """The title that a text chooses from a list by its number, its place or its name; None if it chooses none."""
    said = folded(text)
    if not titles or len(said) > LONGEST_CHOICE:
        return None
    for title in titles:
        if folded(title) in said:
            return title
    number = _NUMBER.search(said)
    places = [int(number[1]) - 1] if number else [place for place, one in enumerate(_ORDINALS) if one.search(said)]
    return titles[places[0]] if len(places) == 1 and places[0] < len(titles) else None
