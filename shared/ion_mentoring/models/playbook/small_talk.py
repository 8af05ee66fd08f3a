"""Greetings, thanks and "who are you": a text that is nothing else gets a word back, and not an analysis."""

import re
from typing import Final

from ion_mentoring.catalogue.bilingual import Frozen
from ion_mentoring.models.shape import PLEASANTRIES, Pleasantry
from ion_mentoring.resources import paths, read_model
from ion_mentoring.understanding.folding import visible

SMALL_TALK: Final = "ion_mentoring/models/playbook/small_talk.toml"

_MARKS = re.compile(r"[^a-z가-힣' ]+")


class Pleasantries(Frozen):
    """Regular expressions for whole texts, folded and without marks, by kind."""

    greeting: tuple[str, ...]
    thanks: tuple[str, ...]
    about: tuple[str, ...]


class SmallTalk:
    """Tells small talk of either language."""

    def __init__(self) -> None:
        data = read_model(Pleasantries, paths(SMALL_TALK)[0])
        self._patterns = {kind: re.compile("|".join(f"(?:{one})" for one in getattr(data, kind))) for kind in PLEASANTRIES}

    def kind_of(self, text: str) -> Pleasantry | None:
        """The kind of small talk that a text is, None if it is more."""
        words = " ".join(_MARKS.sub(" ", visible(text)).split())
        return next((kind for kind, pattern in self._patterns.items() if words and pattern.fullmatch(words)), None)
