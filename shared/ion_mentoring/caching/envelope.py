"""The envelope of an entry in L2: `ION` and a version byte, a checksum, the expiry, then the value.

The checksum covers the key, too: an entry that lies at another key, or an answer to another question, is none.
Nothing is ever unpickled.
"""

import struct
import zlib
from dataclasses import dataclass
from typing import Final

LAYOUT: Final = b"ION\x01"
_HEAD: Final = struct.Struct(">4sI")
_EXPIRY: Final = struct.Struct(">d")
_LEAST: Final = _HEAD.size + _EXPIRY.size


@dataclass(frozen=True, slots=True)
class Entry:
    """A value with the time (Unix seconds) at which it ends, so that a copy in L1 never outlives it."""

    value: bytes
    expires_at: float


def pack(key: str, entry: Entry) -> bytes:
    """An entry as L2 keeps it at a key."""
    body = _EXPIRY.pack(entry.expires_at) + entry.value
    return _HEAD.pack(LAYOUT, _checksum(key, body)) + body


def unpack(key: str, stored: bytes) -> Entry | None:
    """The entry that such bytes at a key are; None if they are anything else."""
    if len(stored) < _LEAST:
        return None
    layout, checksum = _HEAD.unpack_from(stored)
    body = stored[_HEAD.size :]
    if layout != LAYOUT or checksum != _checksum(key, body):
        return None
    return Entry(body[_EXPIRY.size :], _EXPIRY.unpack_from(body)[0])


def _checksum(key: str, body: bytes) -> int:
    return zlib.crc32(body, zlib.crc32(key.encode()))
