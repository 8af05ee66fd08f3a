"""The learned check: how likely a text tells of danger, of which kind and of whom, by a linear model over hashed features.

The weights are made by `make train` and lie in one file: a line of JSON, then a table of bytes for each question that is
asked of a text. A table's byte is a weight plus 128; a score is the sum of the features' weights by the root of their
number.
"""

import json
import math
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise
from operator import itemgetter
from typing import Annotated, Any, Final
from zlib import crc32

from msgspec import Meta, Struct

from ion_mentoring.catalogue.bilingual import Datum
from ion_mentoring.resources import paths, read_bytes, read_data
from ion_mentoring.understanding.folding import MOST_READ, readings
from ion_mentoring.understanding.safety.danger import KINDS, Kind
from ion_mentoring.understanding.safety.features import MARKS, Concepts, features, sentences
from ion_mentoring.understanding.safety.signs import SignPatterns

WEIGHTS: Final = "ion_mentoring/understanding/safety/danger.bin"
CONCEPTS: Final = "ion_mentoring/understanding/safety/concepts.toml"
YOUNG: Final = 0.8  # the logarithm of the odds from which somebody is taken for a child: informal words say nothing of age
ZERO: Final = 128  # the byte of a weight that says nothing
MOST_SENTENCES: Final = 40  # of a text; where it has more, several in a row are read as one
TOGETHER: Final = 6  # sentences that are read as one text as well
PLAIN: Final = crc32(MARKS[0] + b"plain")  # the feature of a sign in so many words


class _Entries(Datum, frozen=True, kw_only=True):
    en: Annotated[tuple[str, ...], Meta(min_length=1)]
    ko: Annotated[tuple[str, ...], Meta(min_length=1)]


_Book = dict[str, _Entries]  # the data file of the concepts


def load_concepts() -> Concepts:
    """The product's concepts, each under a letter of its own."""
    book = read_data(_Book, paths(CONCEPTS)[0])
    marked = {chr(ord("A") + place): entries for place, entries in enumerate(book.values())}
    return Concepts({mark: e.en for mark, e in marked.items()}, {mark: e.ko for mark, e in marked.items()})


class PartReader(Struct, frozen=True):
    """Takes a text apart into what is scored."""

    concepts: Concepts
    signs: SignPatterns

    @staticmethod
    def load() -> "PartReader":
        """The reader with the product's data."""
        return PartReader(load_concepts(), SignPatterns.load())

    def parts(self, text: str) -> list[tuple[int, ...]]:
        """The hashes of each sentence, of each two in a row, and of the whole if it is short, in each reading of the text."""
        return [part for flat in readings(text) for part in self._parts(flat[:MOST_READ])]

    def _parts(self, flat: str) -> list[tuple[int, ...]]:
        single = [tuple(features(each, self.concepts, self.signs.mark(each))) for each in _bounded(sentences(flat))]
        if len(single) == 1:
            return single
        pairs = [_together(pair) for pair in pairwise(single)] if len(single) > 2 else []
        whole = [_together(single)] if len(single) <= TOGETHER else []
        return [*single, *pairs, *whole]


class Table(Struct, frozen=True):
    """One question's weights: 2 ** `bits` bytes, what one of them is worth, and what speaks for yes before any feature."""

    weights: bytes
    bits: int
    scale: float
    bias: float

    def score(self, hashes: Sequence[int]) -> float:
        """The logarithm of the odds that the answer is yes."""
        if not hashes:
            return self.bias
        mask = (1 << self.bits) - 1
        weights = self.weights
        total = sum([weights[code & mask] for code in hashes]) - ZERO * len(hashes)
        return self.bias + self.scale * total / math.sqrt(len(hashes))


class Likelihood(Struct, frozen=True):
    """The likelihood that a text tells of danger: the logarithm of the odds, and the features of the part that says most.

    `plain` if some part says it in so many words; `parts` is how many were asked.
    """

    score: float
    part: tuple[int, ...]
    plain: bool = False
    parts: int = 1


class LearnedCheck:
    """The tables and how they are asked."""

    def __init__(self, reader: PartReader, tables: Mapping[str, Table]) -> None:
        self._reader = reader
        self._danger = tables["danger"]
        self._kinds = {kind: tables[kind] for kind in KINDS}
        self._other = tables["other"]
        self._minor = tables["minor"]

    @staticmethod
    def load() -> "LearnedCheck":
        """The check with the product's weights."""
        return LearnedCheck(PartReader.load(), read_tables(read_bytes(WEIGHTS)))

    def likelihood(self, text: str) -> Likelihood:
        """The likelihood of the most telling part: a sentence, two in a row, or a short text as a whole."""
        parts = self._reader.parts(text)
        score, best = max(zip(map(self._danger.score, parts), parts, strict=True), key=itemgetter(0))
        return Likelihood(score, best, any(PLAIN in part for part in parts), len(parts))

    def kind(self, part: Sequence[int]) -> Kind:
        """The likeliest kind of danger of a part."""
        return max(KINDS, key=lambda kind: self.score(kind, part))

    def score(self, kind: Kind, part: Sequence[int]) -> float:
        """The logarithm of the odds that a part in which there is danger tells of this kind."""
        return self._kinds[kind].score(part)

    def of_other(self, part: Sequence[int]) -> bool:
        """True if the part rather tells of somebody else than of the writer."""
        return self._other.score(part) > 0

    def of_minor(self, part: Sequence[int]) -> bool:
        """True if the part rather tells of a child or a youth."""
        return self._minor.score(part) > YOUNG


def _bounded(several: list[str]) -> list[str]:
    """At most so many sentences as are read one by one: thousands of them would stop everybody else."""
    size = -(-len(several) // MOST_SENTENCES)
    return [" ".join(several[start : start + size]) for start in range(0, len(several), size)] if size > 1 else several


def _together(several: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(several)))


def read_tables(data: bytes) -> dict[str, Table]:
    """The tables of a weights file; ValueError if it is not one."""
    head, _, body = data.partition(b"\n")
    described: list[dict[str, Any]] = json.loads(head)["tables"]
    tables, start = {}, 0
    for entry in described:
        end = start + (1 << entry["bits"])
        tables[entry["name"]] = Table(body[start:end], entry["bits"], entry["scale"], entry["bias"])
        start = end
    if start != len(body):
        raise ValueError(f"the weights end at byte {len(body)}, not at {start}")
    return tables
