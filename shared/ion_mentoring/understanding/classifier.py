"""A linear classifier over hashed features, whose weights lie in one compressed file: a line of JSON, then the tables.

`training/classifier.py` makes the files. Few weights are kept of each class, so that a file of a hundred classes has 100 KB.
"""

import json
import math
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

ZERO: Final = 128  # the byte of a weight that says nothing


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
    places: bytes
    weights: bytes

    def shares(self, hashes: Sequence[int]) -> list[float]:
        """The probability of each class, by its place; they add up to 1."""
        totals = [0] * len(self.biases)
        mask, starts = (1 << self.bits) - 1, self.starts
        for code in hashes:
            bucket = code & mask
            start, end = starts[bucket], starts[bucket + 1]
            for place, weight in zip(self.places[start:end], self.weights[start:end], strict=True):
                totals[place] += weight - ZERO
        scale = self.scale / math.sqrt(max(1, len(hashes)))
        scores = [bias + scale * total for bias, total in zip(self.biases, totals, strict=True)]
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
    places, weights = body[len(sizes) * 2 :][: starts[-1]], body[len(sizes) * 2 + starts[-1] :]
    if len(weights) != starts[-1]:
        raise ValueError(f"{starts[-1]} weights are promised, and {len(weights)} are there")
    return Classifier(
        head=described,
        bits=described["bits"],
        scale=described["scale"],
        biases=tuple(described["biases"]),
        starts=starts,
        places=places,
        weights=weights,
    )
