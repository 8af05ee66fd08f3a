"""The answers to direct questions, read from data: their first words, and which moves of a situation follow."""

from functools import cache
from typing import Final

from ion_mentoring.catalogue.bilingual import Datum
from ion_mentoring.models.playbook.asking.asked import Form
from ion_mentoring.models.shape import Move
from ion_mentoring.resources import paths, read_data

ANSWERS: Final = "ion_mentoring/models/playbook/asking/answers.toml"
NO_CARD: Final[tuple[Form, ...]] = ("what_if",)  # which are answered from `replies.toml`


class Texts(Datum, frozen=True, kw_only=True):
    """Texts in both languages, in the order in which they are said; perhaps none."""

    ko: tuple[str, ...]
    en: tuple[str, ...]

    def in_(self, language: str) -> tuple[str, ...]:
        """The texts for a language code; other languages read the English ones."""
        return self.ko if language == "ko" else self.en


class FormAnswer(Datum, frozen=True, kw_only=True):
    """One form's answer: its first words, the moves that follow, and what is said where no situation is in hand."""

    moves: tuple[Move, ...]
    most: int
    asks: bool
    heads: Texts
    alone: Texts


_Answers = dict[Form, FormAnswer]  # the data file


@cache
def answer_to(form: Form) -> FormAnswer | None:
    """The answer to a form; None for one that needs no situation."""
    return None if form in NO_CARD else read_data(_Answers, paths(ANSWERS)[0])[form]
