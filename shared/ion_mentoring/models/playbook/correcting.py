"""Turns by which a person puts the mentor right ("not the deadline, my wife"), begins something new, or asks for words."""

import re
from functools import cache
from typing import Final

from ion_mentoring.catalogue.bilingual import Frozen
from ion_mentoring.resources import paths, read_model

PATTERNS: Final = "ion_mentoring/models/playbook/correcting.toml"
READ: Final = 300  # characters at the beginning of a turn, and at its end, in which its purpose is looked for
CORRECTION: Final = 160  # characters at the beginning of a turn in which a correction stands
FEWEST_WORDS: Final = 2  # of what is said to be right


class _Book(Frozen):
    """The data file."""

    not_but: str
    begins_anew: str
    asks_for_words: str
    carries_on: str


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(getattr(read_model(_Book, paths(PATTERNS)[0]), name), re.IGNORECASE)


def _ends(text: str) -> tuple[str, ...]:
    return (text,) if len(text) <= 2 * READ else (text[:READ], text[-READ:])


def asks_for_words(text: str) -> bool:
    """True for a turn that asks for words to say or to send."""
    return any(_pattern("asks_for_words").search(part) for part in _ends(text))


def corrected(text: str) -> str | None:
    """The part of a turn that says what it is, where the rest says what it is not; None where nothing does."""
    ends = [found.end() for found in _pattern("not_but").finditer(text[:CORRECTION])]
    meant = text[ends[-1] :].strip() if ends else ""
    return meant if len(meant.split()) >= FEWEST_WORDS else None


def begins_anew(text: str) -> bool:
    """True for a turn that says to be about something else than before."""
    return _pattern("begins_anew").search(text[:READ]) is not None


def carries_on(text: str) -> bool:
    """True for a turn that begins as one does who goes on with what was said ("but ...", "그래도 ...")."""
    return _pattern("carries_on").search(text[:READ]) is not None
