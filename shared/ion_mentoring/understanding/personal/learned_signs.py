"""Personal texts that no sign tells: the probability that a text tells of a person or firm, by a linear model.

It is learned from questions of authors, over hashed features; `training/private.py` makes its weights, a file a language.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, get_args

from ion_mentoring.resources import read_bytes
from ion_mentoring.understanding.classifier import Classifier, read_classifier
from ion_mentoring.understanding.folding import visible
from ion_mentoring.understanding.ngrams import hashed_ngrams

WEIGHTS: Final = "ion_mentoring/understanding/personal/learned/*.bin"
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


@dataclass(frozen=True, slots=True)
class Likely:
    """The likeliest kind of personal text, the probability in [0, 1] that a text is of any of these kinds, and the language
    (`ko` or `en`) that it was read in."""

    kind: Kind
    probability: float
    language: str


def likely(text: str, signs: Iterable[str]) -> Likely:
    """The reading of a text in Korean or any other language, in which some kinds of signs were found."""
    language = "ko" if _HANGUL.search(text) else "en"
    shares = _weights(language).shares(features(text, signs))
    best = max(range(len(KINDS) - 1), key=shares.__getitem__)
    return Likely(KINDS[best], 1 - shares[-1], language)


def features(text: str, signs: Iterable[str]) -> list[int]:
    """The hashes that the model is learned from."""
    named = [*_form(text), *(f"sign:{sign}" for sign in signs)]
    return hashed_ngrams(text, tuple(f"private:{name}:{copy}" for name in named for copy in COPIES))


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
