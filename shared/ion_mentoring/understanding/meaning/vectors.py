"""The meaning of a text in Korean or English, as the sum of the vectors of its hashed n-grams.

The vectors are distilled from a sentence encoder (Wang et al., Multilingual E5 Text Embeddings, 2024), a table in the encoder's
place, as Tulkens and van Dongen's model2vec has it (2024): `training/meaning.py` makes them, and no encoder is needed here.
"""

import json
import math
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from msgspec import Struct

from ion_mentoring.resources import read_bytes
from ion_mentoring.understanding.lanes import Lanes
from ion_mentoring.understanding.ngrams import hashed_ngrams

VECTORS: Final = "ion_mentoring/understanding/meaning/learned/*.bin"
ZERO: Final = 128  # the byte that stands for nothing


class Direction(NamedTuple):
    """Where a text lies: whole numbers along the axes of meaning, all 0 for a text without letters, and their length."""

    numbers: tuple[int, ...]
    length: float

    @property
    def unit(self) -> tuple[float, ...]:
        """The same at length one; all 0 for a text without letters."""
        length = self.length or 1.0
        return tuple([number / length for number in self.numbers])


class Vectors(Struct, frozen=True):
    """A row of `size` bytes for each of 2 ** `bits` buckets."""

    bits: int
    size: int
    lanes: Lanes

    def of(self, text: str) -> Direction:
        """The direction of a text."""
        return self.of_hashes(hashed_ngrams(text))

    def of_hashes(self, hashes: Sequence[int]) -> Direction:
        """The direction of the hashed n-grams of a text."""
        mask, nothing = (1 << self.bits) - 1, ZERO * len(hashes)
        numbers = tuple([total - nothing for total in self.lanes.sums([code & mask for code in hashes])])
        return Direction(numbers, math.hypot(*numbers))


def read_vectors(data: bytes) -> Vectors:
    """The vectors of a file; ValueError if it is not one."""
    head, _, rows = data.partition(b"\n")
    described = json.loads(head)
    bits, size = described["bits"], described["size"]
    if len(rows) != size << bits:
        raise ValueError(f"{size} bytes of each of {1 << bits} buckets are promised, and {len(rows)} are there")
    return Vectors(bits, size, Lanes(rows, size))


@cache
def load_vectors(language: str) -> Vectors:
    """The product's vectors for Korean (`ko`), or English."""
    return read_vectors(read_bytes(VECTORS.replace("*", "ko" if language == "ko" else "en")))
