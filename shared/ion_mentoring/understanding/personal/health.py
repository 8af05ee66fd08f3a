"""Illness, pregnancy, therapy and medicine of somebody: strong words by themselves, weak ones where they are somebody's."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from ion_mentoring.understanding.personal.signs import filled

_LATIN: Final = re.compile("[A-Za-z]{2}")


class _English(NamedTuple):
    strong: re.Pattern[str]
    weak: re.Pattern[str]
    asking: re.Pattern[str]
    somebody: re.Pattern[str]


@lru_cache(maxsize=1)
def _english() -> _English:
    return _English(
        re.compile(filled(r"\b(?i:<strong_english>)\b|<initials>")),
        re.compile(filled(r"\b(?i:<weak_english>)\b")),
        re.compile(r"\b(?i:do|does|should|can|could|would|will|if|when|shall|may|might) (?:I|we|my)\b"),
        re.compile(filled(r"\b(?i:<somebody>)\b")),
    )


@lru_cache(maxsize=1)
def _korean() -> re.Pattern[str]:
    return re.compile(filled("<strong_korean>|<weak_korean>"))


def tells(text: str) -> bool:
    """True if the text tells of somebody's health; "how do I sleep better?" tells of nobody's."""
    if not text.isascii() and _korean().search(text):
        return True
    if _LATIN.search(text) is None:
        return False
    found = _english()
    if found.strong.search(text):
        return True
    return found.weak.search(text) is not None and found.somebody.search(found.asking.sub("", text)) is not None
