"""The questions that are asked, in both languages, by Zipf's law: few of them by many, most of them by few."""

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parent / "data"
LANGUAGES: Final = ("ko", "en")


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its language."""

    text: str
    language: str


class Popularity:
    """A choice among questions: the one in place n is asked 1/n^exponent as often as the first."""

    def __init__(self, questions: Sequence[Question], exponent: float) -> None:
        self._questions = questions
        self._sums = list(itertools.accumulate(1 / place**exponent for place in range(1, len(questions) + 1)))

    def choose(self, dice: random.Random) -> Question:
        """One question."""
        return dice.choices(self._questions, cum_weights=self._sums)[0]


def questions(number: int) -> list[Question]:
    """The first so many, Korean and English in turn."""
    by_language = [
        [Question(line, language) for line in (FOLDER / f"questions_{language}.txt").read_text(encoding="utf-8").splitlines()]
        for language in LANGUAGES
    ]
    return [question for pair in zip(*by_language, strict=True) for question in pair][:number]
