"""Personal texts that no sign tells: the probability that a text tells of a person or firm.

One linear model reads the words, over hashed features, and a second one sets beside it what the text means (stacking: Wolpert,
Stacked Generalization, 1992). Both are learned from questions of authors; `training/private.py` makes a file a language.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from operator import mul
from typing import Final, Literal, get_args

from msgspec import Struct

from ion_mentoring.resources import read_bytes
from ion_mentoring.understanding.classifier import Classifier, read_classifier
from ion_mentoring.understanding.folding import visible
from ion_mentoring.understanding.meaning.vectors import load_vectors
from ion_mentoring.understanding.ngrams import hashed_ngrams

WEIGHTS: Final = "ion_mentoring/understanding/personal/learned/*.bin"
LEAST: Final = 1e-6  # a probability that is as good as none
OF_WORDS: Final = 0.2  # brings a margin to about the size of a number of the meaning
COPIES: Final = "abcd"  # of a mark of the form, by which it weighs more than an n-gram
MOST: Final = 6  # steps that a count is told in

Kind = Literal["name", "health", "employer", "secret", "plan", "story", "harmless"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)  # the last one is none of the others

_HANGUL: Final = re.compile("[가-힣]")
_CAPITAL: Final = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+|(?<=[가-힣 ] )[A-Z]\w+")
_NUMBER: Final = re.compile(r"\d+")
_OWN: Final = re.compile(
    r"\b(?:i|my|me|mine|we|our|us|i'm|i've)\b|(?<![가-힣])(?:저|제|내|나|우리|저희|난|전)(?:는|가|도|의|를|한테)?(?![가-힣])"
)
_SENTENCE: Final = re.compile(r"[.!?\n]\s")


class Likely(Struct, frozen=True):
    """The likeliest kind of personal text, the probability in [0, 1] that a text is of any of these kinds, and the language
    (`ko` or `en`) that it was read in."""

    kind: Kind
    probability: float
    language: str


def likely(text: str, signs: Iterable[str]) -> Likely:
    """The reading of a text in Korean or any other language, in which some kinds of signs were found."""
    language = "ko" if _HANGUL.search(text) else "en"
    words, spoken = _weights(language), hashed_ngrams(text)
    shares = words.shares([*_named(text, signs), *spoken])
    best = max(range(len(KINDS) - 1), key=shares.__getitem__)
    head = words.head
    meaning = load_vectors(language).of_hashes(spoken).unit
    score = head["bias"] + sum(map(mul, head["judged"], judged(margin(shares), meaning)))
    return Likely(KINDS[best], 1 / (1 + math.exp(-score)), language)


def margin(shares: Sequence[float]) -> float:
    """The logarithm of how much likelier any kind of personal text is than a harmless one, by its words."""
    return math.log((1 - shares[-1] + LEAST) / (shares[-1] + LEAST))


def judged(margin: float, meaning: Sequence[float]) -> tuple[float, ...]:
    """The features of the second model: the margin by the words, and the numbers of the meaning."""
    return margin * OF_WORDS, *meaning


def features(text: str, signs: Iterable[str]) -> list[int]:
    """The hashes that the first model is learned from."""
    return [*_named(text, signs), *hashed_ngrams(text)]


def _named(text: str, signs: Iterable[str]) -> list[int]:
    """The hashes of the form of a text, and of the kinds of signs in it."""
    named = [*_form(text), *(f"sign:{sign}" for sign in signs)]
    return hashed_ngrams("", tuple(f"private:{name}:{copy}" for name in named for copy in COPIES))


def _form(text: str) -> Iterator[str]:
    low = visible(text)
    yield f"capitals:{min(MOST, len(_CAPITAL.findall(text)))}"
    yield f"numbers:{min(MOST, len(_NUMBER.findall(text)))}"
    yield f"own:{min(MOST, len(_OWN.findall(low)))}"
    yield f"sentences:{min(MOST, len(_SENTENCE.findall(text)))}"
    yield f"words:{min(MOST, int(len(low.split()) ** 0.5))}"


@cache
def _weights(language: str) -> Classifier:
    return read_classifier(read_bytes(WEIGHTS.replace("*", language)))
