"""Sums of rows of bytes, all columns at once.

A row is one integer with 16 bits for each byte, a lane (Lamport, Multiple Byte Processing with Full-Word Instructions, 1975):
one addition instead of one for each column, and no step of Python for any of them. It is made when it is first met, and held
from then on, in some 40 bytes and two for each of its own.
"""

import sys
from array import array
from collections.abc import Sequence
from operator import add
from typing import Final

AT_ONCE: Final = 256  # bytes that add up within a lane


class Lanes(dict[int, int]):
    """Rows of `size` bytes, one after the other in `rows`; those that were met as integers, by their places."""

    def __init__(self, rows: bytes, size: int) -> None:
        super().__init__()
        self._rows = rows
        self._size = size

    def __missing__(self, place: int) -> int:
        """The row of a place, made; ValueError where there is none."""
        lanes = bytearray(2 * self._size)
        lanes[::2] = self._rows[place * self._size : (place + 1) * self._size]
        row = self[place] = int.from_bytes(lanes, "little")
        return row

    def sums(self, places: Sequence[int]) -> list[int]:
        """The sum of each column over the rows of some places; a place counts as often as it is named."""
        sums = self._summed(places[:AT_ONCE])
        for first in range(AT_ONCE, len(places), AT_ONCE):
            sums = list(map(add, sums, self._summed(places[first : first + AT_ONCE])))
        return sums

    def _summed(self, places: Sequence[int]) -> list[int]:
        lanes = array("H", sum(map(self.__getitem__, places)).to_bytes(2 * self._size, "little"))
        if sys.byteorder == "big":
            lanes.byteswap()
        return lanes.tolist()
