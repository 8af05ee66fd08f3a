"""Turns by which a person puts the mentor right ("not the deadline, my wife"), begins something new, or asks for words."""

import re
from functools import cache
from typing import Final

from ion_mentoring.catalogue.bilingual import Datum
from ion_mentoring.resources import paths, read_data

PATTERNS: Final = "ion_mentoring/models/playbook/correcting.toml"
READ: Final = 300  # characters at the beginning of a turn, and at its end, in which its purpose is looked for
CORRECTION: Final = 160  # characters at the beginning of a turn in which a correction stands
FEWEST_WORDS: Final = 2  # of what is said to be right
_CLAUSE: Final = re.compile(r"[.!?;,\n]+|(?<=고요)\s|(?<=니까)\s|(?<=아니라)\s|\s(?:but|because)\s")


class _Book(Datum, frozen=True, kw_only=True):
    """The data file."""

    not_but: str
    begins_anew: str
    asks_for_words: str
    carries_on: str
    rejects: str
    denies: str
    negated: str
    declines: str
    of_manner: str
    of_danger: str
    does_not_fit: str
    asks_who: str
    thanks_shortly: str


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(getattr(read_data(_Book, paths(PATTERNS)[0]), name), re.IGNORECASE)


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


def rejects(text: str) -> bool:
    """True for a turn that says that the mentor speaks of the wrong matter."""
    return _pattern("rejects").search(text[:READ]) is not None


def denies(text: str) -> bool:
    """True for a turn that says what it is not, which may be the matter in hand or a detail of it."""
    return _pattern("denies").search(text[:READ]) is not None


def declines(text: str) -> bool:
    """True for a turn that wants none of what was offered."""
    return _pattern("declines").search(text[:READ]) is not None


def of_manner(text: str) -> bool:
    """True for a rejection that may only be about how the mentor answers."""
    return _pattern("of_manner").search(text[:READ]) is not None


def does_not_fit(text: str) -> bool:
    """True for a no that says that something proposed cannot be done, or does not suit."""
    return _pattern("does_not_fit").search(text[:READ]) is not None


def thanks_shortly(text: str) -> bool:
    """True for a turn that says thanks and nothing else."""
    return _pattern("thanks_shortly").search(text[:READ]) is not None


def asks_who(text: str) -> bool:
    """True for a turn that may be about the mentor itself: who it is, and what becomes of the words."""
    return _pattern("asks_who").search(text[:READ]) is not None


def affirmed(text: str) -> str:
    """The clauses of a turn that say what it is, without those that say what it is not; empty where there are none."""
    return ". ".join(one for one in _clauses(text) if not _pattern("negated").search(one))


def negated(text: str) -> str:
    """The clauses of a turn that say what it is not; empty where there are none."""
    clauses = (one for one in _clauses(text) if not _pattern("of_danger").search(one))
    return ". ".join(one for one in clauses if _pattern("negated").search(one))


def _clauses(text: str) -> list[str]:
    clauses = (clause.strip() for clause in _CLAUSE.split(text[:READ]))
    return [one for one in clauses if len(one.split()) >= FEWEST_WORDS]
