"""The first answer to the story in which somebody tells of a danger: one file of `turns` by kind and by whom it is for."""

from typing import Final

from ion_mentoring.understanding.expected.reader import ExpectedTurns
from ion_mentoring.understanding.safety.danger import Danger

OPENINGS: Final = ExpectedTurns(
    "ion_mentoring/understanding/safety/openings/turns/*.toml",
    "ion_mentoring/understanding/safety/openings/learned/*.bin",
)
SURE: Final = 0.5  # the probability from which a story is the one that was written down
GENERAL: Final = "{general}"  # the answer to what is said plainly: that of the kind, from answers.toml


def opening_answer(danger: Danger, text: str, language: str) -> str | None:
    """The answer to the story that a text tells of this danger, its slots unfilled; None where it tells none of them."""
    whose = "other" if danger.other else "minor" if danger.minor else "self"
    meant = OPENINGS.nearest(f"{danger.kind}_{whose}", text, language)
    answer = meant.turn.in_(language).answer if meant and meant.probability >= SURE else GENERAL
    return None if answer == GENERAL else answer
