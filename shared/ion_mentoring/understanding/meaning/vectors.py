"""The meaning of a text in Korean or English, as the sum of the vectors of its hashed n-grams.

The vectors are distilled from a sentence encoder (Wang et al., Multilingual E5 Text Embeddings, 2024), a table in the encoder's
place, as Tulkens and van Dongen's model2vec has it (2024): `training/meaning.py` makes them, and no encoder is needed here.

A row of bytes is added as one large integer, its even and its odd bytes apart, so that each sum has 16 bits (Lamport, Multiple
Byte Processing with Full-Word Instructions, 1975).
"""

import json
import math
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from ion_mentoring.resources import read_bytes
from ion_mentoring.understanding.ngrams import hashed_ngrams

VECTORS: Final = "ion_mentoring/understanding/meaning/learned/*.bin"
ZERO: Final = 128  # the byte that stands for nothing
AT_ONCE: Final = 256  # bytes that add up within 16 bits


@dataclass(frozen=True, slots=True)
class Vectors:
    """A row of `size` bytes for each of 2 ** `bits` buckets."""

    bits: int
    size: int
    rows: bytes

    def of(self, text: str) -> tuple[float, ...]:
        """The unit vector of a text, `size` numbers; all zero for a text without letters."""
        return self.of_hashes(hashed_ngrams(text))

    def of_hashes(self, hashes: Sequence[int]) -> tuple[float, ...]:
        """The unit vector of the hashed n-grams of a text."""
        sums = [0] * self.size
        for first in range(0, len(hashes), AT_ONCE):
            some = hashes[first : first + AT_ONCE]
            sums = [total + more - ZERO * len(some) for total, more in zip(sums, self._summed(some), strict=True)]
        length = math.sqrt(sum(one * one for one in sums)) or 1.0
        return tuple(one / length for one in sums)

    def _summed(self, hashes: Sequence[int]) -> Sequence[int]:
        """The sum of the rows of `AT_ONCE` buckets at most, byte by byte."""
        size, rows, mask = self.size, self.rows, (1 << self.bits) - 1
        low = int.from_bytes(b"\xff\0" * (size // 2), "little")
        even = odd = 0
        for code in hashes:
            start = (code & mask) * size
            row = int.from_bytes(rows[start : start + size], "little")
            even += row & low
            odd += (row >> 8) & low
        summed = array("H", bytes(2 * size))
        summed[::2], summed[1::2] = _lanes(even, size), _lanes(odd, size)
        return summed


def _lanes(number: int, size: int) -> array:  # type: ignore[type-arg]
    lanes = array("H", number.to_bytes(size, "little"))
    if sys.byteorder == "big":
        lanes.byteswap()
    return lanes


def read_vectors(data: bytes) -> Vectors:
    """The vectors of a file; ValueError if it is not one."""
    head, _, rows = data.partition(b"\n")
    described = json.loads(head)
    bits, size = described["bits"], described["size"]
    if len(rows) != size << bits or size % 2:
        raise ValueError(f"{size} bytes of each of {1 << bits} buckets are promised, and {len(rows)} are there")
    return Vectors(bits, size, rows)


@cache
def load_vectors(language: str) -> Vectors:
    """The product's vectors for Korean (`ko`), or English."""
    return read_vectors(read_bytes(VECTORS.replace("*", "ko" if language == "ko" else "en")))
