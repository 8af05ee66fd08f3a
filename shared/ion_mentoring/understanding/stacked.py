"""Readers in two steps: a linear model reads the words, and a second one sets beside it what the text means.

Stacking (Wolpert, Stacked Generalization, 1992); `training/stacking.py` makes the files.
"""

import math
from collections.abc import Sequence
from operator import mul
from typing import Final

from ion_mentoring.understanding.classifier import Classifier

LEAST: Final = 1e-4  # a probability that is as good as none
OF_WORDS: Final = 0.2  # brings a logarithm of a probability to about the size of a number of the meaning


def stacked(words: Classifier, hashes: Sequence[int], meaning: Sequence[float]) -> list[float]:
    """The probability of each class, by hashed n-grams and the numbers of the meaning together."""
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
