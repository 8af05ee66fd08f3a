"""Answers to what people in danger ask about what follows: who is told, who is arrested, what it costs, who comes."""

import re
from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import Field, RootModel

from ion_mentoring.resources import paths, read_model
from ion_mentoring.understanding.folding import visible
from ion_mentoring.understanding.safety.danger import Danger
from ion_mentoring.understanding.safety.later.matters import Matter

QUESTIONS: Final = "ion_mentoring/understanding/safety/later/questions.toml"


class Question(Matter):
    """The texts that answer one question, and the words that tell it, in either language."""

    words: Annotated[tuple[str, ...], Field(min_length=1)]


class _Book(RootModel[dict[str, Question]]):
    """The data file."""


class Questions:
    """Tells the questions from a turn, and has their answers."""

    def __init__(self, questions: Mapping[str, Question]) -> None:
        self._asked = [(re.compile("|".join(question.words)), question) for question in questions.values()]

    @staticmethod
    def load() -> "Questions":
        """The product's questions."""
        return Questions(read_model(_Book, paths(QUESTIONS)[0]).root)

    def answers(self, text: str, danger: Danger, language: str) -> list[str]:
        """The answers to what a turn asks, for the one who is spoken to; none where it asks none of these questions."""
        low = visible(text)
        found = [question.text(danger, language) for pattern, question in self._asked if pattern.search(low)]
        return [answer for answer in found if answer]
