"""The text of a situation that has most words in common with a question."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from ion_mentoring.catalogue.bilingual import Bilingual
from ion_mentoring.models.shape import Move
from ion_mentoring.resources import paths, read_data

COMMON: Final = "ion_mentoring/models/playbook/asking/common.toml"
STEM: Final = {"ko": 2, "en": 5}  # characters at the beginning of a word that are compared
LONG: Final = 4  # syllables of a Korean word that counts twice
LEAST: Final = 2  # stems in common
_WORD: Final = {"ko": re.compile(r"[가-힣]{2,}|[a-z]{3,}|\d{2,}"), "en": re.compile(r"[a-z]{4,}")}


@cache
def _common(language: str) -> frozenset[str]:
    """The stems that say nothing."""
    return frozenset(read_data(Bilingual, paths(COMMON)[0]).in_(language).split())


def stems(text: str, language: str) -> frozenset[str]:
    """The beginnings of the words of a text that say something; a long Korean word has two, since it is often made of two."""
    own = "ko" if language == "ko" else "en"
    words = _WORD[own].findall(text.lower())
    both = [word[:LONG] for word in words if own == "ko" and len(word) >= LONG]
    return frozenset([*both, *(word[: STEM[own]] for word in words)]) - _common(own)


def closest(question: str, told: Iterable[tuple[Move, str]], language: str) -> tuple[Move, str] | None:
    """The move and text nearest to a question; None where none has enough in common with it."""
    own = stems(question, language)
    best, most = None, LEAST - 1
    for move, text in told:
        common = len(own & stems(text, language))
        if common > most:
            best, most = (move, text), common
    return best
