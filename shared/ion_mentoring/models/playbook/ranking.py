"""The situations that a text may tell of, each with its probability, by a linear model over hashed features.

The likeliest are looked at twice: a situation is likelier where the text is near in meaning to one of its stories. The weights
are made by `make train`, one file a language.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from heapq import nlargest
from typing import Final, NamedTuple

from msgspec import Struct

from ion_mentoring.models.playbook.openings.openings import Stories
from ion_mentoring.resources import read_bytes
from ion_mentoring.understanding.classifier import Classifier, read_classifier
from ion_mentoring.understanding.ngrams import hashed_ngrams
from ion_mentoring.understanding.remembered import Remembered

WEIGHTS: Final = "ion_mentoring/models/playbook/learned/*.bin"
NONE: Final = "-"  # the id of no situation
TWICE: Final = 8  # of the likeliest are looked at twice
BELIEVED: Final = 0.4  # the power of the odds of its stories by which a situation is likelier


class Title(NamedTuple):
    """A situation, or a theme, by its id, the topic that it belongs to, and its title; a theme has stories and no `card`."""

    id: str
    topic: str
    title: str
    card: bool = True


class Likely(Struct, frozen=True):
    """A situation with the probability that a text tells of it, in [0, 1]."""

    title: Title
    probability: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """A classifier whose classes are situations, and the last of them none."""

    classifier: Classifier
    titles: tuple[Title, ...]
    stories: Stories
    known: Remembered[tuple[Likely, ...]] = field(default_factory=Remembered, compare=False, repr=False)

    def rank(self, text: str, most: int) -> tuple[Likely, ...]:
        """The likeliest situations, best first; what is missing to 1 is for the others, and for none at all."""
        return self.known.of(f"{most} {text}", lambda: self._ranked(text, most))

    def _ranked(self, text: str, most: int) -> tuple[Likely, ...]:
        hashes = hashed_ngrams(text)
        shares = self.classifier.shares(hashes)
        best = nlargest(max(most, TWICE), range(len(self.titles)), key=shares.__getitem__)
        odds = self.stories.odds([self.titles[place].id for place in best[:TWICE]], hashes)
        for place, likelier in zip(best, odds, strict=False):
            shares[place] *= math.pow(likelier, BELIEVED)
        whole = sum(shares)
        best.sort(key=shares.__getitem__, reverse=True)
        return tuple(Likely(self.titles[place], shares[place] / whole) for place in best[:most])

    def told(self, few: Sequence[Likely], text: str, least: float) -> Likely | None:
        """The one of a few situations whose story a text tells, with this probability at least; None where it tells none."""
        if not few:
            return None
        told = self.stories.probabilities([one.title.id for one in few], text)
        best = max(range(len(few)), key=told.__getitem__)
        return few[best] if told[best] >= least else None

    def titled(self, title: str) -> Title | None:
        """The situation of a title."""
        return next((one for one in self.titles if one.title == title), None)


@cache
def load_ranking(language: str) -> Ranking:
    """The product's weights for Korean (`ko`) or English (`en`)."""
    classifier = read_classifier(read_bytes(WEIGHTS.replace("*", language)))
    titles = tuple(Title(*one) for one in classifier.head["titles"])
    return Ranking(classifier, titles, Stories(language))
