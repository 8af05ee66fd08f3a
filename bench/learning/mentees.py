"""Simulated mentees: each has tones, asks a little or much, rates some answers, and has a taste that only this file knows.

Who helps whom: the logit of the probability that a persona helps is a part of the table's score, plus what everybody thinks of
the persona at the tone, which the table does not know of, plus the person's own liking of the persona, and of it at this
tone. So the truth is neither the table nor the same for all; how far it is from both is assumed.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from ion_mentoring.personas.roster import load_roster
from ion_mentoring.personas.routing import RoutingTable
from ion_mentoring.understanding.resonance.key import Intent, Pace, ResonanceKey, Tone

ROSTER: Final = load_roster()
TABLE: Final = RoutingTable(ROSTER)
PERSONAS: Final = tuple(ROSTER)
SLOPE: Final = 3.0  # logits for a whole point of the table's score
USUAL: Final = 0.5  # logits of a persona with a score of 0.75
COMMON: Final = 0.4  # deviation of what everybody thinks around the table
LIKING: Final = 0.7  # deviation of a person's liking of a persona
SPREAD: Final = 0.4  # and of a persona at one tone
RATED: Final = 0.2  # of answers; a person rates some or many
MONTH_DAYS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Question:
    """One question: whose, when (days from the beginning), and in which way it is asked."""

    mentee: int
    day: float
    key: ResonanceKey


@dataclass
class World:
    """Some mentees and all that is true of them."""

    mentees: int
    seed: int
    common: dict[tuple[Tone, str], float] = field(default_factory=dict)
    own: list[dict[tuple[Tone, str], float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        draw = random.Random(self.seed)  # noqa: S311 - a simulation
        self.common = {(tone, persona): draw.gauss(0, COMMON) for tone in Tone for persona in ROSTER}
        self.own = [self._taste(draw) for _ in range(self.mentees)]
        self._tones = [self._mix(draw) for _ in range(self.mentees)]
        self._talks = [draw.lognormvariate(0, 1) for _ in range(self.mentees)]
        self.rates = [min(0.9, draw.expovariate(1 / RATED)) for _ in range(self.mentees)]

    @staticmethod
    def _taste(draw: random.Random) -> dict[tuple[Tone, str], float]:
        liking = {persona: draw.gauss(0, LIKING) for persona in PERSONAS}
        return {(tone, persona): liking[persona] + draw.gauss(0, SPREAD) for tone in Tone for persona in PERSONAS}

    @staticmethod
    def _mix(draw: random.Random) -> list[float]:
        return [draw.gammavariate(0.6, 1) for _ in Tone]

    def helps(self, question: Question, persona: str) -> float:
        """The true probability that a persona helps with a question."""
        cell, score = (question.key.tone, persona), TABLE.route(question.key).scores[persona]
        logit = USUAL + SLOPE * (score - 0.75) + self.common[cell] + self.own[question.mentee][cell]
        return 1 / (1 + math.exp(-logit))

    def best(self, question: Question) -> float:
        """The probability with whom helps most."""
        return max(self.helps(question, persona) for persona in PERSONAS)

    def questions(self, number: int, seed: int) -> Iterator[Question]:
        """A month of questions in the order of time."""
        draw = random.Random(seed)  # noqa: S311
        days = sorted(draw.uniform(0, MONTH_DAYS) for _ in range(number))
        whose = draw.choices(range(self.mentees), self._talks, k=number)
        for day, mentee in zip(days, whose, strict=True):
            (tone,) = draw.choices(list(Tone), self._tones[mentee])
            yield Question(mentee, day, ResonanceKey(tone, draw.choice(list(Pace)), draw.choice(list(Intent))))
