"""The words that tell of a key, as data by language, and how they are found in a text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, compress, count
from operator import add
from typing import Annotated, Final

from msgspec import Meta

from ion_mentoring.catalogue.bilingual import Datum
from ion_mentoring.resources import paths, read_data
from ion_mentoring.understanding.folding import folded
from ion_mentoring.understanding.resonance.key import Intent, Pace, Tone

LEXICA: Final = "ion_mentoring/understanding/resonance/lexicon/*.toml"
NEGATED_WITHIN: Final = 24  # characters before a word
PARTS: Final = ("tone", "pace", "intent", "feeling")
EDGE: Final = "|"
READ: Final = 8000  # characters once folded: one may become 18, and nobody's tone needs more
HEAD: Final = 2  # characters by which entries are looked up
NOTHING: Final = "(?!)"
OPENING: Final = re.compile(r"(?<![\w'])\S")  # where a word begins, in a text with single spaces

_APOSTROPHE = str.maketrans("’‘`", "'''")


class Terms(Datum, frozen=True, kw_only=True):
    """Words for one value of a part, each of the same weight; `|` at an end of one stands for the edge of a word."""

    terms: Annotated[tuple[str, ...], Meta(min_length=1)]
    weight: Annotated[float, Meta(gt=0)] = 1.0


Groups = Annotated[tuple[Terms, ...], Meta(min_length=1)]


class Measure(Datum, frozen=True, kw_only=True):
    """The measure of fast and slow in a language, in words a sentence: a Korean word says more than an English one."""

    burst_below: float
    slow_from: float


class Words(Datum, frozen=True, kw_only=True):
    """One language's lexicon: words by value for each part of a key, for feelings, and the negations around a word."""

    rhythm: Measure
    negations: tuple[str, ...]
    negations_after: tuple[str, ...] = ()
    tone: dict[Tone, Groups]
    pace: dict[Pace, Groups]
    intent: dict[Intent, Groups]
    feeling: dict[str, Groups]


@dataclass(frozen=True, slots=True)
class Feature:
    """Something in a text that speaks for one value of a part; `name` is a lexicon entry or a rhythm, never free text."""

    part: str
    value: str
    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class Entry:
    """One term of the lexicon, folded as texts are, with all that it speaks for; it may ask to open or close a word."""

    text: str
    opens: bool
    closes: bool
    features: tuple[Feature, ...]


class Lexicon:
    """Finds all words of one language in one pass over the text.

    Where a language sets its spaces freely (`spaced=False`, Korean), words are found in the text without them; what begins
    within one word and runs on into the next is none then: there is no `지표` in `편지 표지`.
    """

    def __init__(self, words: Words, *, spaced: bool) -> None:
        self.measure = words.rhythm
        self._spaced = spaced
        self._by_head: dict[str, list[Entry]] = {}
        for entry in _entries(words, spaced=spaced):
            self._by_head.setdefault(entry.text[:HEAD], []).append(entry)
        self._texts = {head: tuple(entry.text for entry in entries) for head, entries in self._by_head.items()}
        self._single = {head for head in self._by_head if len(head) < HEAD}
        self._within = {head for head, entries in self._by_head.items() if not all(entry.opens for entry in entries)}
        self._within_first = {head[0] for head in self._within}
        self._denied_before = re.compile(_denial_before(words.negations, spaced=spaced))
        self._denied_after = re.compile("|".join(words.negations_after) or NOTHING)

    def features(self, text: str) -> Iterator[Feature]:
        """The features of the words of a text; each entry once, however often it stands there."""
        plain = _flat(text)[:READ]
        run = plain if self._spaced else plain.replace(" ", "")
        places = range(len(plain)) if self._spaced else [place for place, char in enumerate(plain) if char != " "]
        seen: set[str] = set()
        for start, entry in self._beginning(run):
            end = start + len(entry.text)
            first, last = places[start], places[end - 1]
            if entry.text not in seen and _stands(entry, plain, first, last) and not self._denied(plain, first, run, end):
                seen.add(entry.text)
                yield from entry.features

    def _beginning(self, run: str) -> Iterator[tuple[int, Entry]]:
        texts = self._texts
        for start in self._likely(run):
            head = run[start : start + HEAD]
            if head in texts and run.startswith(texts[head], start):
                yield from ((start, entry) for entry in self._by_head[head] if run.startswith(entry.text, start))
            if len(head) == HEAD and head[0] in self._single:
                yield from ((start, entry) for entry in self._by_head[head[0]])

    def _likely(self, run: str) -> Iterable[int]:
        """The places where an entry may begin, in order; most of a text has none, and takes no step of Python.

        In a spaced text it is where words begin, but for the few entries that may stand within one.
        """
        if self._spaced and self._within_first.isdisjoint(run):
            return (word.start() for word in OPENING.finditer(run))
        known, single = self._by_head, self._single
        places = compress(count(), map(known.__contains__, map(add, run, chain(run[1:], ("",)))))
        return places if single.isdisjoint(run) else sorted({*places, *compress(count(), map(single.__contains__, run))})

    def _denied(self, plain: str, first: int, run: str, end: int) -> bool:
        if self._denied_before.search(plain, max(0, first - NEGATED_WITHIN), first):
            return True
        return self._denied_after.match(run, end) is not None


def _flat(text: str) -> str:
    return folded(text).translate(_APOSTROPHE)


def _entries(words: Words, *, spaced: bool) -> list[Entry]:
    """The entries by their text: a term of several parts is one entry, and its edge in one of them holds for all."""
    features: dict[str, list[Feature]] = {}
    opening: set[str] = set()
    closing: set[str] = set()
    for part, value, term, weight in _terms(words):
        name = term.strip(EDGE)
        text = _flat(name)
        features.setdefault(text, []).append(Feature(part, value, name, weight))
        if term.startswith(EDGE) or (spaced and text[0].isalnum()):
            opening.add(text)
        if term.endswith(EDGE):
            closing.add(text)
    return [Entry(text, text in opening, text in closing, tuple(own)) for text, own in features.items()]


def _terms(words: Words) -> Iterator[tuple[str, str, str, float]]:
    for part in PARTS:
        for value, groups in getattr(words, part).items():
            for group in groups:
                yield from ((part, str(value), term, group.weight) for term in group.terms)


def _stands(entry: Entry, plain: str, first: int, last: int) -> bool:
    """True if what was found is a word as the entry asks, and not the end of one with the start of the next."""
    within_a_word = first > 0 and _in_word(plain[first - 1])
    runs_on = last - first >= len(entry.text)
    if within_a_word and (entry.opens or runs_on):
        return False
    return not (entry.closes and _in_word(plain[last + 1 : last + 2]))


def _in_word(char: str) -> bool:
    return char.isalnum() or char in ("'", "_")


def _denial_before(words: tuple[str, ...], *, spaced: bool) -> str:
    between = r"\s(?:[\w']+\s){0,2}" if spaced else r"\s?"
    return rf"(?<![\w'])(?:{'|'.join(words)}){between}\Z"


class Lexica:
    """The lexica by language, each read at its first use, since cold start is a budget; English for a language without one."""

    def __init__(self) -> None:
        self._files = {path.stem: path for path in paths(LEXICA)}
        self._read: dict[str, Lexicon] = {}

    def of(self, language: str) -> Lexicon:
        """The lexicon for a language; CardInvalid names the file and field that is wrong."""
        known = language if language in self._files else "en"
        if known not in self._read:
            self._read[known] = Lexicon(read_data(Words, self._files[known]), spaced=known != "ko")
        return self._read[known]
