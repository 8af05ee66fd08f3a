"""Finding the situation that somebody writes about: decisive cues first, likeness to examples where cues are silent.

A cue is one or more terms joined by `+` and fires when all of them occur. A matched term weighs its inverse document
frequency over the situations; likeness is the best tf-idf cosine between the question and a situation's examples
(Manning, Raghavan and Schuetze, Introduction to Information Retrieval, 2008, chapter 6).
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ion_mentoring.models.playbook.situation import Situation

FITS_FROM = 3.0  # chosen by bench/playbook.py: below it, held-out questions were mostly about something else
LIKENESS_WEIGHT = 9.0  # a sentence just like an example counts as much as two decisive cues

_HANGUL = re.compile(r"[가-힣]+")
_LATIN = re.compile(r"[a-z0-9][a-z0-9+#']*")
_NOT_WORD = re.compile(r"[^a-z0-9+#가-힣]+")
_SUFFIX = re.compile(r"(?:ing|edly|ed|ly|es|s|'s)$")


@dataclass(frozen=True, slots=True)
class Match:
    """A situation with the score by which it won; `cues` are those of its own that fired."""

    situation: Situation
    score: float
    cues: tuple[str, ...]


class Matcher:
    """Finds the best situation of one language; built once, then read only."""

    def __init__(self, situations: Sequence[Situation], language: str) -> None:
        self._situations = situations
        self._squeeze = language == "ko"
        cues = [[(cue, self._terms(cue)) for cue in one.in_(language).cues] for one in situations]
        spread = Counter(term for own in cues for term in {term for _, terms in own for term in terms})
        self._weight = {term: math.log(1 + len(situations) / count) for term, count in spread.items()}
        self._cues = cues
        self._likeness = Likeness([one.in_(language).examples for one in situations])

    def match(self, text: str) -> Match | None:
        """The best situation for a text, or None where nothing fits well enough to speak about it."""
        flat = self._flat(text)
        occurring = {term for term in self._weight if term in flat}
        likeness = self._likeness.of(text)
        best: Match | None = None
        for place, situation in enumerate(self._situations):
            fired = [(cue, terms) for cue, terms in self._cues[place] if occurring.issuperset(terms)]
            evidence = sum(self._weight[term] for term in {term for _, terms in fired for term in terms})
            score = evidence + LIKENESS_WEIGHT * likeness.get(place, 0.0)
            if best is None or score > best.score:
                best = Match(situation, score, tuple(cue for cue, _ in fired))
        return best if best and best.score >= FITS_FROM else None

    def _terms(self, cue: str) -> tuple[str, ...]:
        return tuple(self._flat(term, closed=False) for term in cue.split("+") if term.strip())

    def _flat(self, text: str, *, closed: bool = True) -> str:
        """Korean without spaces, since people space as they like; else words each after one space, to match starts."""
        words = _NOT_WORD.sub(" ", folded(text)).split()
        if self._squeeze:
            return "".join(words)
        return " " + " ".join(words) + (" " if closed else "")


class Likeness:
    """The tf-idf cosine between a text and the nearest of each situation's examples."""

    def __init__(self, examples: Sequence[Iterable[str]]) -> None:
        bags = [(place, Counter(features(text))) for place, texts in enumerate(examples) for text in texts]
        spread = Counter(feature for _, bag in bags for feature in bag)
        self._rarity = {feature: math.log(1 + len(bags) / count) for feature, count in spread.items()}
        self._owner = [place for place, _ in bags]
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, (_, bag) in enumerate(bags):
            for feature, weight in self._weighted(bag).items():
                self._postings[feature].append((number, weight))

    def of(self, text: str) -> dict[int, float]:
        """Cosine in (0, 1] by the place of each situation that shares a feature with the text."""
        cosine: dict[int, float] = defaultdict(float)
        for feature, weight in self._weighted(Counter(features(text))).items():
            for number, other in self._postings.get(feature, ()):
                cosine[number] += weight * other
        nearest: dict[int, float] = {}
        for number, value in cosine.items():
            place = self._owner[number]
            nearest[place] = max(value, nearest.get(place, 0.0))
        return nearest

    def _weighted(self, bag: Counter[str]) -> dict[str, float]:
        unseen = math.log(1 + len(self._owner))
        weights = {feature: (1 + math.log(n)) * self._rarity.get(feature, unseen) for feature, n in bag.items()}
        norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {feature: weight / norm for feature, weight in weights.items()}


def folded(text: str) -> str:
    """Text for comparison: compatibility forms unified, case folded, invisible characters gone."""
    unified = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in unified if unicodedata.category(char) not in ("Cf", "Cc") or char.isspace())


def features(text: str) -> Iterable[str]:
    """What a text is compared by: pairs of syllables of Korean words, stems and stem pairs of Latin ones."""
    low = folded(text)
    for word in _HANGUL.findall(low):
        yield from (word[start : start + 2] for start in range(max(1, len(word) - 1)))
    stems = [_SUFFIX.sub("", word) if len(word) > 4 else word for word in _LATIN.findall(low)]
    yield from stems
    yield from (f"{left} {right}" for left, right in pairwise(stems))
