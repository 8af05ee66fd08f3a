"""Readers in two steps: a linear model reads the words, and a second one sets beside it what the text means.

Stacking (Wolpert, Stacked Generalization, 1992); `training/stacking.py` makes the files.
"""

import math
import re
from collections.abc import Sequence
from functools import cache
from operator import mul
from typing import Final

from ion_mentoring.resources import read_bytes
from ion_mentoring.understanding.classifier import Classifier, read_classifier, softmax
from ion_mentoring.understanding.meaning.vectors import load_vectors
from ion_mentoring.understanding.ngrams import hashed_ngrams

LEAST: Final = 1e-4  # a probability that is as good as none
OF_WORDS: Final = 0.2  # brings a logarithm of a probability to about the size of a number of the meaning
HANGUL: Final = re.compile("[가-힣ㄱ-ㅎ]")


def read_in(text: str) -> str:
    """The one of our languages in which a text is read, whatever it is asked in: Korean where it has any Hangul."""
    return "ko" if HANGUL.search(text) else "en"


def stacked(weights: str, text: str, language: str) -> list[float]:
    """The probability of each class, by the words of a text and its meaning in Korean (`ko`), or English.

    `weights` is the name of the reader's file, as `resources` wants it.
    """
    words, hashes = weights_of(weights), hashed_ngrams(text)
    seen, head = judged(words.shares(hashes), load_vectors(language).of_hashes(hashes).unit), words.head
    return softmax([bias + sum(map(mul, row, seen)) for row, bias in zip(head["judged"], head["bias"], strict=True)])


@cache
def weights_of(name: str) -> Classifier:
    """The words of a reader, and in their head what is set beside them."""
    return read_classifier(read_bytes(name))


def judged(shares: Sequence[float], meaning: Sequence[float]) -> tuple[float, ...]:
    """The features of the second model: the logarithms of the probabilities by the words, and the numbers of the meaning."""
    return (*(OF_WORDS * math.log(share + LEAST) for share in shares), *meaning)
