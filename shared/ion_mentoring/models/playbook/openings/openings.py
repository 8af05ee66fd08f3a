"""The stories in which people come with a situation, each with its first answer: one file of `turns` for each situation."""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from ion_mentoring.understanding.expected.reader import ExpectedTurns

OPENINGS: Final = ExpectedTurns(
    "ion_mentoring/models/playbook/openings/turns/*.toml",
    "ion_mentoring/models/playbook/openings/learned/*.bin",
)


class Stories(Struct, frozen=True):
    """How near texts in Korean (`ko`) or English are to the stories of situations, which are named by their ids."""

    language: str
    turns: ExpectedTurns = OPENINGS

    def odds(self, situations: Sequence[str], hashes: Sequence[int]) -> list[float]:
        """By situation, the odds that the hashed n-grams of a text tell of one of its stories; 1 where it has none."""
        return self.turns.odds(situations, hashes, self.language)

    def probabilities(self, situations: Sequence[str], text: str) -> list[float]:
        """By situation, the probability, in [0, 1], that a text tells the story that it is nearest to."""
        return self.turns.likeliest(situations, text, self.language)
