"""A linear classifier over hashed features, whose weights lie in one compressed file: a line of JSON, then the tables.

`training/classifier.py` makes the files. Few weights are kept of each class, so that a file of a hundred classes has 100 KB.

The weights of a bucket that has many are added as one large integer with 16 bits for each class (Lamport, Multiple Byte
Processing with Full-Word Instructions, 1975): one addition instead of one for each weight. It is made when it is first met.
"""

import json
import math
import sys
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import add
from typing import Any, Final

ZERO: Final = 128  # the byte of a weight that says nothing
LANE: Final = 2  # bytes of a class in a bucket's integer
AT_ONCE: Final = (1 << 8 * LANE) // 256  # so many weights of a byte each add up within a lane
NARROW: Final = 256  # classes, whose places take a byte each in a file; of more they take two
FULL: Final = 16  # weights of a bucket from which its integer is added, and not one weight after the other


@dataclass(frozen=True, slots=True)
class Classifier:
    """The weights of each class: bucket b speaks for the places from `starts[b]` to `starts[b + 1]`, each by its weight.

    `head` is what else the file says of its classes, by name.
    """

    head: dict[str, Any]
    bits: int
    scale: float
    biases: tuple[float, ...]
    starts: Sequence[int]
    places: "array[int]"
    weights: bytes
    lanes: dict[int, int] = field(default_factory=dict, compare=False, repr=False)

    def shares(self, hashes: Sequence[int]) -> list[float]:
        """The probability of each class, by its place; they add up to 1."""
        mask, starts = (1 << self.bits) - 1, self.starts
        totals, full, few = [0] * len(self.biases), [], []
        for code in hashes:
            bucket = code & mask
            start, end = starts[bucket], starts[bucket + 1]
            if end - start >= FULL:
                full.append(bucket)
            elif start != end:
                few.append(slice(start, end))
        places = array(self.places.typecode, b"".join(map(self.places.__getitem__, few)))
        for place, weight in zip(places, b"".join(map(self.weights.__getitem__, few)), strict=True):
            totals[place] += weight - ZERO
        for first in range(0, len(full), AT_ONCE):
            totals = list(map(add, totals, self._summed(full[first : first + AT_ONCE])))
        scale, nothing = self.scale / math.sqrt(max(1, len(hashes))), ZERO * len(full)
        scores = [bias + scale * (total - nothing) for bias, total in zip(self.biases, totals, strict=True)]
        return softmax(scores)

    def _summed(self, buckets: Sequence[int]) -> Sequence[int]:
        """The sum of the bytes of each class over `AT_ONCE` buckets at most."""
        lanes = self.lanes
        for bucket in buckets:
            if bucket not in lanes:
                lanes[bucket] = self._lane(bucket)
        summed = array("H", sum(map(lanes.__getitem__, buckets)).to_bytes(LANE * len(self.biases), "little"))
        if sys.byteorder == "big":
            summed.byteswap()
        return summed

    def _lane(self, bucket: int) -> int:
        """The weights of a bucket as one integer."""
        start, end = self.starts[bucket], self.starts[bucket + 1]
        dense = bytearray(bytes((ZERO, 0)) * len(self.biases))
        for place, weight in zip(self.places[start:end], self.weights[start:end], strict=True):
            dense[LANE * place] = weight
        return int.from_bytes(dense, "little")


def softmax(scores: Sequence[float]) -> list[float]:
    """The probabilities of which these are the logarithms, up to one number that they share."""
    top = max(scores)
    likely = [math.exp(score - top) for score in scores]
    whole = sum(likely)
    return [one / whole for one in likely]


def read_classifier(data: bytes) -> Classifier:
    """The classifier of a file; ValueError if it is not one."""
    head, _, packed = data.partition(b"\n")
    described, body = json.loads(head), zlib.decompress(packed)
    sizes = array("H", body[: 2 << described["bits"]])
    starts = array("I", accumulate(sizes, initial=0))
    size, rest = 2 if len(described["biases"]) > NARROW else 1, body[len(sizes) * 2 :]
    places, weights = rest[: starts[-1] * size], rest[starts[-1] * size :]
    if len(weights) != starts[-1]:
        raise ValueError(f"{starts[-1]} weights are promised, and {len(weights)} are there")
    return Classifier(
        head=described,
        bits=described["bits"],
        scale=described["scale"],
        biases=tuple(described["biases"]),
        starts=starts,
        places=_numbers(places, size),
        weights=weights,
    )


def _numbers(data: bytes, size: int) -> "array[int]":
    """Numbers of one byte, or of two, of which the lower one is first."""
    numbers = array("H" if size == 2 else "B", data)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
