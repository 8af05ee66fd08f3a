"""Finding the situation that somebody writes about: decisive cues first, likeness to examples where cues are silent.

A cue is one or more terms joined by `+` and fires when all of them occur. A matched term weighs its inverse document
frequency over the situations; likeness is the best tf-idf cosine between the question and a situation's examples
(Manning, Raghavan and Schuetze, Introduction to Information Retrieval, 2008, chapter 6).
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ion_mentoring.models.playbook.situation import Counsel, Situation
from ion_mentoring.understanding.folding import visible

# All chosen with bench/playbook.py, which prints what comes of them on held-out questions.
FITS_FROM: Final = {"ko": 3.0, "en": 2.2}  # the least score by likeness alone
LEAD: Final = 0.9  # by which likeness alone has to be ahead of the second: what is like two things is about neither
LIKENESS_WEIGHT: Final = 12.0  # a sentence just like an example counts as much as two or three decisive cues
PREFIX_FROM: Final = 4  # letters of a term's last word from which it matches the beginnings of longer ones
HEAD: Final = 3  # letters by which a term is looked up before it is searched for, which in a text of one letter takes long
AGREEMENT: Final = 0.5  # what the second and third nearest examples add to the nearest

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
        self._fits_from = FITS_FROM[language]
        self._likeness = Likeness([_told(one.in_(language)) for one in situations])

    def match(self, text: str) -> Match | None:
        """The situation whose cues fire, or that is like the text by far; None where it would be a guess."""
        flat = self._flat(text)
        heads = {flat[start : start + HEAD] for start in range(len(flat))}
        occurring = {term for term in self._weight if (len(term) < HEAD or term[:HEAD] in heads) and term in flat}
        likeness = self._likeness.of(text)
        found = sorted((self._weighed(place, occurring, likeness) for place in range(len(self._situations))), key=_by_score)
        best, second = found[-1], found[-2] if len(found) > 1 else None
        lead = best.score - (second.score if second else 0.0)
        return best if best.cues or (best.score >= self._fits_from and lead >= LEAD) else None

    def _weighed(self, place: int, occurring: set[str], likeness: dict[int, float]) -> Match:
        fired = [(cue, terms) for cue, terms in self._cues[place] if occurring.issuperset(terms)]
        evidence = sum(self._weight[term] for term in {term for _, terms in fired for term in terms})
        score = evidence + LIKENESS_WEIGHT * likeness.get(place, 0.0)
        return Match(self._situations[place], score, tuple(cue for cue, _ in fired))

    def _terms(self, cue: str) -> tuple[str, ...]:
        return tuple(self._term(term) for term in cue.split("+") if term.strip())

    def _term(self, term: str) -> str:
        """A term as it is looked for: a short last word stands whole, so that `my ex` is not found in "my exam"."""
        flat = self._flat(term, closed=False)
        return flat if self._squeeze or len(flat.split()[-1]) >= PREFIX_FROM else f"{flat} "

    def _flat(self, text: str, *, closed: bool = True) -> str:
        """Korean without spaces, since people space as they like; else words each after one space, to match starts."""
        words = _NOT_WORD.sub(" ", visible(text)).split()
        if self._squeeze:
            return "".join(words)
        return " " + " ".join(words) + (" " if closed else "")


class Likeness:
    """The tf-idf cosine between a text and the nearest examples of each situation."""

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
        """By the place of each situation that shares a feature with the text: the best cosine, and some of the next two."""
        cosine: dict[int, float] = defaultdict(float)
        for feature, weight in self._weighted(Counter(features(text))).items():
            for number, other in self._postings.get(feature, ()):
                cosine[number] += weight * other
        near: dict[int, list[float]] = defaultdict(list)
        for number, value in cosine.items():
            near[self._owner[number]].append(value)
        return {place: _agreed(sorted(values, reverse=True)) for place, values in near.items()}

    def _weighted(self, bag: Counter[str]) -> dict[str, float]:
        unseen = math.log(1 + len(self._owner))
        weights = {feature: (1 + math.log(n)) * self._rarity.get(feature, unseen) for feature, n in bag.items()}
        norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {feature: weight / norm for feature, weight in weights.items()}


def _by_score(match: Match) -> float:
    return match.score


def _told(counsel: Counsel) -> tuple[str, ...]:
    """The texts that sound like a situation: its examples, and its title with its cues as one more."""
    return (*counsel.examples, " ".join((counsel.title, *counsel.cues)).replace("+", " "))


def _agreed(cosines: Sequence[float]) -> float:
    return cosines[0] + AGREEMENT * sum(cosines[1:3])


def features(text: str) -> Iterable[str]:
    """The features that a text is compared by: pairs of syllables of Korean words, stems and stem pairs of Latin ones."""
    low = visible(text)
    for word in _HANGUL.findall(low):
        yield from (word[start : start + 2] for start in range(max(1, len(word) - 1)))
    stems = [_SUFFIX.sub("", word) if len(word) > 4 else word for word in _LATIN.findall(low)]
    yield from stems
    yield from (f"{left} {right}" for left, right in pairwise(stems))
