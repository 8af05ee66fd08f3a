"""The features of a text for the learned check: hashed n-grams of its sound and its words, and the concepts that come together.

Korean is read by its sound as well, so that `쥭고시퍼` and `죽고 싶어` share most of their features.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, compress, count, pairwise
from typing import Final
from zlib import crc32

from ion_mentoring.understanding.safety.sound import sound_of

MOST_CONCEPTS: Final = 14  # of one sentence: their pairs grow with the square
OTHER_READ: Final = 300  # characters of other scripts in a sentence: enough for what is known of them
ENDLESS: Final = 1_000  # syllables of a sentence: nobody writes so many without an end, and half of their features will do
MARKS: Final = (b"x0", b"x1", b"x2", b"x3")  # a plain sign says as much as several n-grams

_SENTENCE_END: Final = re.compile(r"[.!?…。！？\n]+\s*|(?<=[가-힣][요다죠까])\s+(?=\S{2})")
_LETTER: Final = re.compile(r"[^\W\d_]")
_WORD: Final = re.compile(r"[a-z0-9]+")
_APOSTROPHE: Final = re.compile(r"['’‘`]")
_HANGUL: Final = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]+")
_SPELLED_OUT: Final = re.compile(r"(?<=[가-힣])[.,·ㆍ_*~^/ㅡ-]{1,2}(?=[가-힣])")
_LETTER_BY_LETTER: Final = re.compile(r"(?:(?<=^[a-z])|(?<=[^a-z][a-z]))[._*-](?=[a-z](?![a-z]))")
_STOOD_IN: Final = re.compile(r"(?<=[a-z])[!1|](?=[a-z])")
_OTHER_SCRIPT: Final = re.compile(r"[^\W\d_a-z가-힣ㄱ-ㅎㅏ-ㅣ]+")


class Concepts:
    """The words of the concepts, as a look-up from a word, a pair of words or a run of syllables to a concept's letter."""

    def __init__(self, words: Mapping[str, Iterable[str]], syllables: Mapping[str, Iterable[str]]) -> None:
        self._words = {entry: concept for concept, entries in words.items() for entry in entries}
        self._syllables = {entry: concept for concept, entries in syllables.items() for entry in entries}
        sizes: dict[str, set[int]] = {}
        for entry in self._syllables:
            sizes.setdefault(entry[0], set()).add(len(entry))
        self._sizes = {first: sorted(own, reverse=True) for first, own in sizes.items()}  # of entries that begin with it

    def of_words(self, words: list[str]) -> Iterator[tuple[int, str]]:
        """Each concept among English words with its place; a pair counts before its words."""
        found = self._words
        for place, word in enumerate(words):
            concept = found.get(f"{word} {words[place + 1]}" if place + 1 < len(words) else word) or found.get(word)
            if concept:
                yield place, concept

    def of_syllables(self, hangul: str) -> Iterator[tuple[int, str]]:
        """Each concept in Hangul without spaces with its place; the longest entry counts."""
        found, sizes = self._syllables, self._sizes
        for place in compress(count(), map(sizes.__contains__, hangul)):
            for size in sizes[hangul[place]]:
                concept = found.get(hangul[place : place + size])
                if concept:
                    yield place, concept
                    break


def sentences(flat: str) -> list[str]:
    """The sentences of a text that is in one case and form; an empty one where none has a letter."""
    flat = _STOOD_IN.sub("i", _LETTER_BY_LETTER.sub("", _SPELLED_OUT.sub("", flat)))
    return [part for part in _SENTENCE_END.split(flat) if _LETTER.search(part)] or [""]


def features(sentence: str, concepts: Concepts, mark: str | None = None) -> list[int]:
    """The distinct hashes (32 bits) of one sentence as `sentences` gives it, and of the plain sign or idiom in it."""
    found = [each + mark.encode() for each in MARKS] if mark else []
    places: list[tuple[int, str]] = []
    hangul = _HANGUL.findall(sentence)
    if hangul:
        found.extend(_korean(hangul))
        places.extend(concepts.of_syllables("".join(hangul)))
    words = _WORD.findall(_APOSTROPHE.sub("", sentence))
    if words:
        found.extend(_english(words))
        places.extend(concepts.of_words(words))
    if run := "".join(_OTHER_SCRIPT.findall(sentence))[:OTHER_READ]:
        found.extend(_runs(b"o", run.encode("utf-16-le"), 2, (1, 2, 3)))
    found.extend(_meanings(places))
    return [crc32(feature) for feature in dict.fromkeys(found)]


def _korean(hangul: list[str]) -> list[bytes]:
    joined = "".join(hangul)
    syllables = joined.encode("utf-16-le")
    words = [b"w" + word.encode() for word in hangul]
    sounds, runs = ((4,), (2,)) if len(joined) > ENDLESS else ((4, 6), (2, 3))
    return [*_runs(b"s", sound_of(joined).encode(), 1, sounds), *_runs(b"k", syllables, 2, runs), *words]


def _english(words: list[str]) -> list[bytes]:
    encoded = [word.encode() for word in words]
    return [
        *_runs(b"c", f" {' '.join(words)} ".encode(), 1, (4,)),
        *[b"1" + word for word in encoded],
        *[b"2" + first + b" " + second for first, second in pairwise(encoded)],
        *[b"3" + a + b" " + b + b" " + c for a, b, c in zip(encoded, encoded[1:], encoded[2:], strict=False)],
    ]


def _runs(mark: bytes, data: bytes, width: int, sizes: tuple[int, ...]) -> list[bytes]:
    steps = [size * width for size in sizes]
    return [mark + data[start : start + step] for step in steps for start in range(0, len(data) - step + 1, width)]


def _meanings(places: list[tuple[int, str]]) -> Iterator[bytes]:
    """The concepts, and each two in their order; each in two features, since they say more than any n-gram."""
    order = list(dict.fromkeys(concept.encode() for _, concept in sorted(places)))[:MOST_CONCEPTS]
    for mark in (b"m", b"n"):
        yield from (mark + concept for concept in order)
        yield from (mark + first + b">" + second for first, second in combinations(order, 2))
