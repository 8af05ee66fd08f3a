"""The centres of expected turns among the vectors of meaning, and how likely a text is each of these turns.

`training/expected.py` makes them: the middle of what people say in each turn, and the two numbers that make a probability of
likeness.
"""

import json
import math
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import mul
from typing import Final

LARGEST: Final = 127  # of a byte, which a centre's largest number is
LIKELIER: Final = 0.5  # by how much the score of a turn is higher that answers what was asked just before


@dataclass(frozen=True, slots=True)
class Centres:
    """The centres of the turns of each scope, in the order of its file: rows of `size` signed bytes, unpacked when needed.

    `of` has the first row and the number of rows of each scope. `sharpness` is by how much likeness counts; `none` is the score
    of a turn that is none of these.
    """

    of: Mapping[str, tuple[int, int]]
    packed: memoryview
    size: int
    sharpness: float
    none: float
    unpacked: dict[str, tuple[tuple[float, ...], ...]] = field(default_factory=dict, compare=False, repr=False)

    def rows(self, scope: str) -> tuple[tuple[float, ...], ...]:
        """The centres of a scope, each of length one; none where it has none."""
        if scope not in self.unpacked:
            first, count = self.of.get(scope, (0, 0))
            starts = range(first * self.size, (first + count) * self.size, self.size)
            self.unpacked[scope] = tuple(_unit(self.packed[at : at + self.size]) for at in starts)
        return self.unpacked[scope]

    def shares(
        self, scope: str, vector: Sequence[float], likelier: Collection[int] = (), without: Collection[int] = ()
    ) -> list[float]:
        """The probability of each turn of a scope; what is missing to 1 is for none of them.

        Some, told by their places, are `likelier`; those of `without` have 0.
        """
        scores = [
            -math.inf
            if place in without
            else self.sharpness * sum(map(mul, centre, vector)) + (LIKELIER if place in likelier else 0.0)
            for place, centre in enumerate(self.rows(scope))
        ]
        top = max([*scores, self.none])
        likely = [math.exp(score - top) for score in scores]
        whole = sum(likely) + math.exp(self.none - top)
        return [one / whole for one in likely]


def read_centres(data: bytes) -> Centres:
    """The centres of a file; ValueError if it is not one."""
    head, _, packed = data.partition(b"\n")
    described, body = json.loads(head), memoryview(zlib.decompress(packed)).cast("b")
    size, counts = described["size"], described["turns"]
    if len(body) != size * sum(counts.values()):
        raise ValueError(f"{sum(counts.values())} centres of {size} bytes are promised, and {len(body)} bytes are there")
    firsts = accumulate(counts.values(), initial=0)
    places = {scope: (first, count) for (scope, count), first in zip(counts.items(), firsts, strict=False)}
    return Centres(places, body, size, described["sharpness"], described["none"])


def _unit(row: Sequence[int]) -> tuple[float, ...]:
    length = math.sqrt(sum(one * one for one in row)) or 1.0
    return tuple(one / length for one in row)
