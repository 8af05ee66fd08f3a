"""The centres of expected turns among the vectors of meaning, and how likely a text is each of these turns.

`training/expected.py` makes them: the middle of what people say in each turn, and the two numbers that make a probability of
likeness.

All turns of a scope are compared at once: each axis has one large integer with 64 bits for each turn.
"""

import json
import math
import sys
import zlib
from array import array
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from operator import mul
from typing import Final, NamedTuple

from ion_mentoring.understanding.meaning.vectors import Direction

LARGEST: Final = 127  # of a byte, which a centre's largest number is
ZERO: Final = 128  # is added to a centre's numbers, so that none is below 0
LANE: Final = 8  # bytes of a turn in an axis' integer
MIDDLE: Final = 1 << 62  # is added to a turn's likeness while it is summed, for the same reason
SURE: Final = 1e9  # odds that are never passed
LIKELIER: Final = 0.5  # by how much the score of a turn is higher that answers what was asked just before


class Rows(NamedTuple):
    """The centres of a scope: along each axis, the numbers of all of them in one integer; and the length of each."""

    axes: tuple[int, ...]
    lengths: tuple[float, ...]


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
    unpacked: dict[str, Rows] = field(default_factory=dict, compare=False, repr=False)

    def rows(self, scope: str) -> Rows:
        """The centres of a scope; none where it has none."""
        if scope not in self.unpacked:
            first, count = self.of.get(scope, (0, 0))
            own = self.packed[first * self.size : (first + count) * self.size]
            axes = tuple(_beside([number + ZERO for number in own[axis :: self.size]]) for axis in range(self.size))
            lengths = tuple(math.hypot(*own[at : at + self.size]) or 1.0 for at in range(0, len(own), self.size))
            self.unpacked[scope] = Rows(axes, lengths)
        return self.unpacked[scope]

    def likeness(self, scope: str, direction: Direction) -> list[float]:
        """The cosine of a direction and each centre of a scope, in [-1, 1]; 0 for a text without a direction."""
        rows = self.rows(scope)
        count = len(rows.lengths)
        middles = int.from_bytes(MIDDLE.to_bytes(LANE, "little") * count, "little")
        summed = sum(map(mul, rows.axes, direction.numbers), middles)
        lanes = array("Q", summed.to_bytes(LANE * count, "little"))
        if sys.byteorder == "big":
            lanes.byteswap()
        nothing, length = MIDDLE + ZERO * sum(direction.numbers), direction.length or 1.0
        return [(lane - nothing) / (own * length) for lane, own in zip(lanes, rows.lengths, strict=True)]

    def odds(self, scope: str, direction: Direction) -> float:
        """The odds that a text tells of one of the turns of a scope, 10^9 at most; 1 where the scope has none."""
        sharpness, none = self.sharpness, self.none
        likely = [math.exp(sharpness * one - none) for one in self.likeness(scope, direction)]
        return min(SURE, sum(likely)) if likely else 1.0

    def shares(
        self, scope: str, direction: Direction, likelier: Collection[int] = (), without: Collection[int] = ()
    ) -> list[float]:
        """The probability of each turn of a scope; what is missing to 1 is for none of them.

        Some, told by their places, are `likelier`; those of `without` have 0.
        """
        scores = [
            -math.inf if place in without else self.sharpness * one + (LIKELIER if place in likelier else 0.0)
            for place, one in enumerate(self.likeness(scope, direction))
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


def _beside(numbers: list[int]) -> int:
    """Numbers of one axis in one integer, the first lowest."""
    return int.from_bytes(b"".join([number.to_bytes(LANE, "little") for number in numbers]), "little")
