"""The kind of a turn after a sign (a question about lines, thanks, something that happens now, ...), and what it is about.

Words that show it are clues of a classifier, beside n-grams; `training/later_turns.py` makes its weights.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final, Literal, get_args

from msgspec import Struct

from ion_mentoring.catalogue.bilingual import Datum
from ion_mentoring.resources import paths, read_bytes, read_data
from ion_mentoring.understanding.classifier import Classifier, read_classifier
from ion_mentoring.understanding.folding import visible
from ion_mentoring.understanding.ngrams import hashed_ngrams
from ion_mentoring.understanding.pattern import Pattern
from ion_mentoring.understanding.safety.turns import Turns

CLUES: Final = "ion_mentoring/understanding/safety/later/clues.toml"
WEIGHTS: Final = "ion_mentoring/understanding/safety/later/learned/*.bin"
MATTER_WEIGHTS: Final = "ion_mentoring/understanding/safety/later/learned/matters_*.bin"
WEIGHT: Final = "abcd"  # the copies of a clue, by which it weighs more than an n-gram
READ: Final = 400  # characters: of a longer text its beginning and its end say what it is
MOST_WORDS: Final = 9
_HANGUL: Final = re.compile("[가-힣ㄱ-ㅎㅏ-ㅣ]")

Later = Literal[
    "under_way", "took_it", "body", "worse", "alone", "asks_next", "asks_line", "cannot_call", "refuses", "denies", "not_me",
    "safe", "other_subject", "thanks", "unclear", "sign",
    "blames_self", "fears_telling", "no_one", "hopeless", "ambivalent", "means_near", "tells_reason", "asks_ai",
    "words_for_help", "where_to_go", "proof_report", "fears_revenge", "loves_them", "children_there", "after_assault",
    "pictures", "tracked", "at_work", "helper_refused", "helper_means", "helper_spent", "cannot_reach", "urge", "hides_wounds",
    "doctor_afraid", "eats_fear", "anger_reason", "not_believed", "exhausted", "numb",
    "told_someone", "small_good", "what_follows", "aftermath",
]  # fmt: skip
ALL: Final[tuple[Later, ...]] = get_args(Later)
KINDS: Final = ALL[: ALL.index("sign") + 1]
MATTERS: Final = ALL[len(KINDS) :]
OPEN: Final[tuple[Later, ...]] = (
    "worse",
    "alone",
    "asks_next",
    "not_me",
    "unclear",
    "sign",
)  # what such a turn is about is open
TINY: Final = 1e-9
OF_HELPERS: Final[tuple[Later, ...]] = (
    "helper_refused",
    "helper_means",
    "helper_spent",
    "cannot_reach",
)  # said by whoever worries


class LaterTurn(Struct, frozen=True):
    """A turn's kind, and how likely it is, in [0, 1]."""

    kind: Later
    probability: float


class Patterns(Datum, frozen=True, kw_only=True):
    """Regular expressions that show one kind, by language."""

    ko: tuple[str, ...]
    en: tuple[str, ...]


Clues = dict[Later, Patterns]  # the data file


class LaterReader:
    """Tells the kinds of turns after a sign in either language; each language's weights are read at its first use."""

    def __init__(
        self, clues: Mapping[Later, Patterns], turns: Turns, kinds: Sequence[Later] = KINDS, weights: str = WEIGHTS
    ) -> None:
        self.kinds = kinds
        self._weights = weights
        self._turns = turns
        self._patterns = {
            (language, kind, number): Pattern(pattern)
            for kind, own in clues.items()
            for language in ("ko", "en")
            for number, pattern in enumerate(getattr(own, language))
            if kind in kinds
        }

    @staticmethod
    def load() -> "LaterReader":
        """The reader with the product's data."""
        return LaterReader(read_data(Clues, paths(CLUES)[0]), Turns.load())

    @staticmethod
    def of_matters() -> "LaterReader":
        """The reader of what a turn is about, which tells matters from kinds, too."""
        return LaterReader(read_data(Clues, paths(CLUES)[0]), Turns.load(), ALL, MATTER_WEIGHTS)

    def read(self, text: str, among: frozenset[Later] | None = None) -> LaterTurn:
        """The likeliest kind of a turn, which is read in Korean if any of it is; of these kinds, if any are given.

        What seems to be another kind is no likelier for being left out, but for kinds that leave open what it is about.
        """
        shares = weights_of(self._weights.replace("*", "ko" if _HANGUL.search(text) else "en")).shares(self.features(text))
        of_kind = dict(zip(self.kinds, shares, strict=True))
        if among is not None:
            left_open = sum(of_kind.pop(kind, 0.0) for kind in OPEN if kind not in among)
            of_kind = {kind: share / max(1.0 - left_open, TINY) for kind, share in of_kind.items()}
        likeliest = max(of_kind, key=lambda kind: of_kind[kind])
        if among is None or likeliest in among:
            shared = sum(share for kind, share in of_kind.items() if among is None or kind in among)
            return LaterTurn(likeliest, of_kind[likeliest] / shared)
        best = max(among.intersection(of_kind), key=lambda kind: of_kind[kind])
        return LaterTurn(best, of_kind[best])

    def features(self, text: str) -> list[int]:
        """The hashes that the classifier is learned from."""
        read = text if len(text) <= READ else f"{text[: READ // 2]} {text[-READ // 2 :]}"
        return hashed_ngrams(read, tuple(f"later:{name}:{copy}" for name in self._named(read) for copy in WEIGHT))

    def _named(self, text: str) -> Iterator[str]:
        low, of_kind = visible(text).strip(), dict.fromkeys(self.kinds, 0)
        for (language, kind, number), pattern in self._patterns.items():
            if pattern.search(low):
                yield f"{language}:{kind}:{number}"
                of_kind[kind] += 1
        yield from (f"{kind}:{count}" for kind, count in of_kind.items() if count)
        yield from (f"turns:{name}" for name in self._turns.named(text))
        yield f"words:{min(MOST_WORDS, int(len(low.split()) ** 0.5))}"
        yield f"asks:{'?' in low}"


@cache
def weights_of(name: str) -> Classifier:
    """The weights of a file of the product."""
    return read_classifier(read_bytes(name))
