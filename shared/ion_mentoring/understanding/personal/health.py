"""Illness, pregnancy, therapy and medicine of somebody: strong words by themselves, weak ones where they are somebody's."""

import re
from functools import lru_cache
from typing import NamedTuple

from ion_mentoring.understanding.personal.signs import filled


class _Health(NamedTuple):
    strong: re.Pattern[str]
    weak: re.Pattern[str]
    asking: re.Pattern[str]
    somebody: re.Pattern[str]


@lru_cache(maxsize=1)
def _patterns() -> _Health:
    return _Health(
        re.compile(filled(r"\b(?i:<strong_english>)\b|<strong_korean>|<weak_korean>|<initials>")),
        re.compile(filled(r"\b(?i:<weak_english>)\b")),
        re.compile(r"\b(?i:do|does|should|can|could|would|will|if|when|shall|may|might) (?:I|we|my)\b"),
        re.compile(filled(r"\b(?i:<somebody>)\b")),
    )


def tells(text: str) -> bool:
    """True if the text tells of somebody's health; "how do I sleep better?" tells of nobody's."""
    found = _patterns()
    if found.strong.search(text):
        return True
    return found.weak.search(text) is not None and found.somebody.search(found.asking.sub("", text)) is not None
