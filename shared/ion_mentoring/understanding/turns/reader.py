"""The kind of a turn: a new matter, thanks, another way, exact words..., told before any topic is looked for.

Words that show it are clues of a classifier, beside n-grams; `training/turns.py` makes its weights.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, Literal, get_args

from msgspec import Struct

from ion_mentoring.catalogue.bilingual import Datum
from ion_mentoring.resources import paths, read_bytes, read_data
from ion_mentoring.understanding.classifier import Classifier, read_classifier
from ion_mentoring.understanding.folding import visible
from ion_mentoring.understanding.ngrams import hashed_ngrams
from ion_mentoring.understanding.pattern import Pattern
from ion_mentoring.understanding.remembered import Remembered

CLUES: Final = "ion_mentoring/understanding/turns/clues.toml"
WEIGHTS: Final = "ion_mentoring/understanding/turns/learned/*.bin"
WEIGHT: Final = 4  # of a clue against an n-gram
READ: Final = 400  # characters: of a longer text its beginning and its end say what it wants
MOST_WORDS: Final = 9  # steps of the root of the number of words

Kind = Literal[
    "matter", "fact", "tried", "other_way", "why", "meaning", "example", "shorter", "longer", "words", "next", "yes", "no",
    "thanks", "good_news", "complaint", "mentor", "language", "who", "recall", "small_talk", "choice", "unclear",
    "off_limits", "off_topic",
]  # fmt: skip
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)


class Turn(Struct, frozen=True):
    """A turn's kind, and how likely it is, in [0, 1]."""

    kind: Kind
    probability: float


class Patterns(Datum, frozen=True, kw_only=True):
    """Regular expressions that show one kind, by language."""

    ko: tuple[str, ...]
    en: tuple[str, ...]


Clues = dict[Kind, Patterns]  # the data file


class TurnReader:
    """Tells the kinds of turns in either language; each language's weights are read at its first use."""

    def __init__(self, clues: Mapping[Kind, Patterns]) -> None:
        self._known: Remembered[tuple[Turn, ...]] = Remembered()
        self._patterns = {
            (language, kind, number): Pattern(pattern)
            for kind, own in clues.items()
            for language in ("ko", "en")
            for number, pattern in enumerate(getattr(own, language))
        }

    @staticmethod
    @cache
    def load() -> "TurnReader":
        """The reader with the product's data."""
        return TurnReader(read_data(Clues, paths(CLUES)[0]))

    def read(self, text: str, language: str) -> tuple[Turn, ...]:
        """The kinds of a turn, likeliest first."""
        return self._known.of(f"{language} {text}", lambda: self._read(text, language))

    def _read(self, text: str, language: str) -> tuple[Turn, ...]:
        shares = weights_of(language).shares(self.features(text))
        return tuple(sorted(map(Turn, KINDS, shares), key=lambda turn: -turn.probability))

    def features(self, text: str) -> list[int]:
        """The hashes that the classifier is learned from."""
        read = text if len(text) <= READ else f"{text[: READ // 2]} {text[-READ // 2 :]}"
        return hashed_ngrams(read, tuple(self._named(read)))

    def _named(self, text: str) -> Iterator[str]:
        low = visible(text).strip()
        for (language, kind, number), pattern in self._patterns.items():
            if pattern.search(low):
                yield f"turn:{language}:{kind}:{number}"
                yield from (f"turn:{kind}:{copy}" for copy in "abcd"[:WEIGHT])
        yield f"turn words:{min(MOST_WORDS, int(len(low.split()) ** 0.5))}"
        yield f"turn asks:{'?' in low}"


@cache
def weights_of(language: str) -> Classifier:
    """The product's weights for Korean (`ko`) or any other language (those for English)."""
    return read_classifier(read_bytes(WEIGHTS.replace("*", "ko" if language == "ko" else "en")))
