"""Learned files as a bundle has them: their tables lie as they are, so that no start has to unpack them.

Packed they are small in the repository; unpacking those of one language takes some 50 ms of a first answer. The form stays
the same, since zlib has a way to hold data as they are, and the zip packs them again on their way to the platform.
"""

import zlib
from collections.abc import Mapping
from functools import cache
from typing import Final

LEARNED: Final = ".bin"
PACKED: Final = b"\x78"  # how data of zlib begin (RFC 1950, 2.2)


def unpacked(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """The learned files among the contents of a bundle whose tables are packed, by name, with the same tables unpacked."""
    files = {name: data for name, data in contents.items() if name.endswith(LEARNED)}
    return {name: plain for name, data in files.items() if (plain := _plain(data))}


@cache
def _plain(data: bytes) -> bytes | None:
    """One file: a line of JSON, then its tables. The bundles of a set share them, so each is unpacked once."""
    head, _, tables = data.partition(b"\n")
    if not tables.startswith(PACKED):
        return None
    try:
        return head + b"\n" + zlib.compress(zlib.decompress(tables), 0)
    except zlib.error:  # tables that begin with this byte by chance
        return None
