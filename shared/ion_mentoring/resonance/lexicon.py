"""The words that tell of a key, as data by language, and how they are found in a text."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field

from ion_mentoring.catalogue.bilingual import Frozen
from ion_mentoring.resonance.key import Intent, Pace, Tone
from ion_mentoring.resources import paths, read_model

LEXICA: Final = "ion_mentoring/resonance/lexicon/*.toml"
NEGATED_WITHIN: Final = 24  # characters before a word
PARTS: Final = ("tone", "pace", "intent", "feeling")

_SPACE = re.compile(r"\s+")
_APOSTROPHE = str.maketrans("’‘`", "'''")


class Terms(Frozen):
    """Words for one value of a part, each of the same weight."""

    terms: Annotated[tuple[str, ...], Field(min_length=1)]
    weight: Annotated[float, Field(gt=0)] = 1.0


class Measure(Frozen):
    """What is fast and what is slow in a language, in words a sentence: a Korean word says more than an English one."""

    burst_below: float
    slow_from: float


class Words(Frozen):
    """One language's lexicon: words by value for each part of a key, for feelings, and the negations."""

    rhythm: Measure
    negations: tuple[str, ...]
    tone: dict[Tone, Terms]
    pace: dict[Pace, Terms]
    intent: dict[Intent, Terms]
    feeling: dict[str, Terms]


@dataclass(frozen=True, slots=True)
class Feature:
    """Something in a text that speaks for one value of a part; `name` is a lexicon entry or a rhythm, never free text."""

    part: str
    value: str
    name: str
    weight: float


class Lexicon:
    """Finds all words of one language in one pass over the text."""

    def __init__(self, words: Words, *, spaced: bool) -> None:
        self.measure = words.rhythm
        self._spaced = spaced
        self._meanings: dict[str, list[tuple[str, str, float]]] = {}
        for part in PARTS:
            for value, entry in getattr(words, part).items():
                for term in entry.terms:
                    self._meanings.setdefault(term, []).append((part, str(value), entry.weight))
        longest_first = sorted(self._meanings, key=len, reverse=True)
        start = r"(?<![\w'])" if spaced else ""
        self._pattern = re.compile(start + "(?=(" + "|".join(map(re.escape, longest_first)) + "))")
        self._negated = re.compile(_negation(words.negations, spaced=spaced))

    def features(self, text: str) -> Iterator[Feature]:
        """What the words of a text speak for; each entry once, however often it stands there."""
        flat = self._flat(text)
        seen: set[str] = set()
        for match in self._pattern.finditer(flat):
            if self._negated.search(flat, max(0, match.start() - NEGATED_WITHIN), match.start()):
                continue
            for term in self._beginning(match.group(1)):
                if term not in seen:
                    seen.add(term)
                    yield from (Feature(part, value, term, weight) for part, value, weight in self._meanings[term])

    def _beginning(self, longest: str) -> Iterator[str]:
        """The entries that the longest one found begins with, itself among them: `how do i` is also a `how do`."""
        return (longest[:end] for end in range(1, len(longest) + 1) if longest[:end] in self._meanings)

    def _flat(self, text: str) -> str:
        folded = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHE)
        return _SPACE.sub(" " if self._spaced else "", folded)


def _negation(words: tuple[str, ...], *, spaced: bool) -> str:
    either = "|".join(map(re.escape, words))
    return rf"(?<![\w'])(?:{either})\s(?:[\w']+\s){{0,2}}\Z" if spaced else rf"(?:{either})\Z"


class Lexica:
    """The lexica by language, each read at its first use, since cold start is a budget; English for a language without one."""

    def __init__(self) -> None:
        self._files = {path.stem: path for path in paths(LEXICA)}
        self._read: dict[str, Lexicon] = {}

    def of(self, language: str) -> Lexicon:
        """The lexicon for a language; CardInvalid names the file and field that is wrong."""
        known = language if language in self._files else "en"
        if known not in self._read:
            self._read[known] = Lexicon(read_model(Words, self._files[known]), spaced=known != "ko")
        return self._read[known]
