"""The envelope of an entry in L2: what it was made under and until when it holds, readable; its value, sealed.

AES-256-GCM (NIST SP 800-38D) under a key of its own for each cache key and owner, derived from one secret by BLAKE2b
(RFC 7693). An entry that lies at another key, was changed, or is of another layout is none. Nothing is ever unpickled.
"""

import hashlib
import os
import struct
from collections.abc import Callable
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ion_mentoring.caching.entry import Entry, Epoch

LAYOUT: Final = b"ION\x02"
_HEAD: Final = struct.Struct(">4sQQdd")  # layout, era and number of the epoch, soft and hard end
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16


class Envelopes:
    """Packs and opens entries under one secret; instances that share an L2 have to share it. `random` gives so many bytes."""

    def __init__(self, secret: bytes, random: Callable[[int], bytes] = os.urandom) -> None:
        self._master = hashlib.blake2b(secret, digest_size=32, person=b"ion-values").digest()
        self._random = random

    def pack(self, key: str, entry: Entry, salt: bytes = b"") -> bytes:
        """An entry as L2 keeps it at a key; with the `salt` of its owner it can be opened only as long as that is there."""
        head = _HEAD.pack(LAYOUT, entry.epoch.era, entry.epoch.number, entry.soft_until, entry.expires_at)
        nonce = self._random(_NONCE_BYTES)
        return head + nonce + self._cipher(key, salt).encrypt(nonce, entry.value, head)

    def unpack(self, key: str, stored: bytes, salt: bytes = b"") -> Entry | None:
        """The entry that such bytes at a key are; None if they are anything else."""
        if len(stored) < _HEAD.size + _NONCE_BYTES + _TAG_BYTES or not stored.startswith(LAYOUT):
            return None
        head, rest = stored[: _HEAD.size], stored[_HEAD.size :]
        try:
            value = self._cipher(key, salt).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], head)
        except InvalidTag:
            return None
        _, era, number, soft_until, expires_at = _HEAD.unpack(head)
        return Entry(value, expires_at, soft_until, Epoch(era, number))

    def _cipher(self, key: str, salt: bytes) -> AESGCM:
        return AESGCM(hashlib.blake2b(key.encode() + b"\0" + salt, key=self._master, digest_size=32).digest())
