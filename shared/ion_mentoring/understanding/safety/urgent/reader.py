"""What a turn tells that needs action now, and of whom: a wound, a poison, somebody at the door, a child that was shaken.

A linear model reads the words, over hashed n-grams, and a second one sets beside it what the text means, as for what is private
(stacking: Wolpert, Stacked Generalization, 1992); `training/urgent.py` makes the files.
"""

import math
from collections.abc import Sequence
from functools import cache
from operator import mul
from typing import Final, Literal, NamedTuple, get_args

from ion_mentoring.resources import read_bytes
from ion_mentoring.understanding.classifier import Classifier, read_classifier
from ion_mentoring.understanding.meaning.vectors import load_vectors
from ion_mentoring.understanding.ngrams import hashed_ngrams
from ion_mentoring.understanding.remembered import Remembered

WEIGHTS: Final = "ion_mentoring/understanding/safety/urgent/learned/*.bin"
LEAST: Final = 1e-4  # a probability that is as good as none
OF_WORDS: Final = 0.2  # brings a logarithm of a probability to about the size of a number of the meaning

Urgent = Literal["wound", "poison", "body", "neck", "means", "when", "armed", "near", "baby", "assault", "pay", "none"]
Role = Literal["self", "other", "actor"]
URGENT: Final[tuple[Urgent, ...]] = get_args(Urgent)  # the last one is none of the others
ROLES: Final[tuple[Role, ...]] = get_args(Role)


class Heard(NamedTuple):
    """The likeliest urgent thing, how likely it is, how likely any is, whose danger it is most likely, and how likely another
    one's than the writer's."""

    kind: Urgent
    probability: float
    any: float
    role: Role
    other: float


_KNOWN: Final[Remembered[Heard]] = Remembered()


def heard(text: str, language: str) -> Heard:
    """The reading of a turn in Korean (`ko`) or any other language."""
    return _KNOWN.of(f"{language} {text}", lambda: _heard(text, "ko" if language == "ko" else "en"))


def _heard(text: str, language: str) -> Heard:
    hashes = hashed_ngrams(text)
    meaning = load_vectors(language).of_hashes(hashes).unit
    shares = stacked(_weights(f"kinds_{language}"), hashes, meaning)
    roles = stacked(_weights(f"roles_{language}"), hashes, meaning)
    best = max(range(len(URGENT) - 1), key=shares.__getitem__)
    role = ROLES[max(range(len(ROLES)), key=roles.__getitem__)]
    return Heard(URGENT[best], shares[best], 1 - shares[-1], role, roles[ROLES.index("other")])


def stacked(words: Classifier, hashes: Sequence[int], meaning: Sequence[float]) -> list[float]:
    """The probability of each class, by words and meaning together."""
    seen = judged(words.shares(hashes), meaning)
    head = words.head
    scores = [bias + sum(map(mul, row, seen)) for row, bias in zip(head["judged"], head["bias"], strict=True)]
    top = max(scores)
    likely = [math.exp(score - top) for score in scores]
    whole = sum(likely)
    return [one / whole for one in likely]


def judged(shares: Sequence[float], meaning: Sequence[float]) -> tuple[float, ...]:
    """The features of the second model: the logarithms of the probabilities by the words, and the numbers of the meaning."""
    return (*(OF_WORDS * math.log(share + LEAST) for share in shares), *meaning)


@cache
def _weights(name: str) -> Classifier:
    return read_classifier(read_bytes(WEIGHTS.replace("*", name)))
