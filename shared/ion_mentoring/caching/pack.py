"""Many entries in one value, each as it lies in L2: its key, then its bytes, both with their lengths before them."""

import struct
from collections.abc import Iterable, Iterator
from typing import Final

MOST_BYTES: Final = 1024 * 1024

_LENGTHS: Final = struct.Struct(">HI")


def packed(entries: Iterable[tuple[str, bytes]], most_bytes: int = MOST_BYTES) -> bytes:
    """The first entries that fit."""
    whole = bytearray()
    for key, stored in entries:
        name = key.encode()
        if len(whole) + _LENGTHS.size + len(name) + len(stored) > most_bytes:
            break
        whole += _LENGTHS.pack(len(name), len(stored)) + name + stored
    return bytes(whole)


def unpacked(whole: bytes) -> Iterator[tuple[str, bytes]]:
    """The entries of a pack; of anything else those up to the place where it is none."""
    place = 0
    while place + _LENGTHS.size <= len(whole):
        name_length, length = _LENGTHS.unpack_from(whole, place)
        start = place + _LENGTHS.size
        middle, place = start + name_length, start + name_length + length
        if place <= len(whole):
            yield whole[start:middle].decode("utf-8", "replace"), whole[middle:place]
