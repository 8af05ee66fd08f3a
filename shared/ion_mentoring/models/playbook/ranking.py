"""The situations that a text may tell of, each with its probability, by a linear model over hashed features.

The weights are made by `make train`, one file a language.
"""

from dataclasses import dataclass, field
from functools import cache
from heapq import nlargest
from typing import Final, NamedTuple

from ion_mentoring.resources import read_bytes
from ion_mentoring.understanding.classifier import Classifier, read_classifier
from ion_mentoring.understanding.ngrams import hashed_ngrams
from ion_mentoring.understanding.remembered import Remembered

WEIGHTS: Final = "ion_mentoring/models/playbook/learned/*.bin"
NONE: Final = "-"  # the id of no situation


class Title(NamedTuple):
    """A situation by its id, the file that it stands in, and its title."""

    id: str
    topic: str
    title: str


@dataclass(frozen=True, slots=True)
class Likely:
    """A situation with the probability that a text tells of it, in [0, 1]."""

    title: Title
    probability: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """A classifier whose classes are situations, and the last of them none."""

    classifier: Classifier
    titles: tuple[Title, ...]
    known: Remembered[tuple[Likely, ...]] = field(default_factory=Remembered, compare=False, repr=False)

    def rank(self, text: str, most: int) -> tuple[Likely, ...]:
        """The likeliest situations, best first; what is missing to 1 is for the others, and for none at all."""
        return self.known.of(f"{most} {text}", lambda: self._ranked(text, most))

    def _ranked(self, text: str, most: int) -> tuple[Likely, ...]:
        shares = self.classifier.shares(hashed_ngrams(text))
        best = nlargest(most, range(len(self.titles)), key=shares.__getitem__)
        return tuple(Likely(self.titles[place], shares[place]) for place in best)

    def titled(self, title: str) -> Title | None:
        """The situation of a title."""
        return next((one for one in self.titles if one.title == title), None)


@cache
def load_ranking(language: str) -> Ranking:
    """The product's weights for Korean (`ko`) or English (`en`)."""
    classifier = read_classifier(read_bytes(WEIGHTS.replace("*", language)))
    return Ranking(classifier, tuple(Title(*one) for one in classifier.head["titles"]))
