"""Cache keys: a keyed hash of all that decides an answer, so that nobody can read a text out of one or guess it.

BLAKE2b in keyed mode (RFC 7693) over length-prefixed parts, so that no two different sets of parts read the same.
"""

import base64
import hashlib
from typing import Final

from ion_mentoring.errors import SettingsInvalid

KEY_BYTES: Final = 18  # 144 bits: collisions stay out of reach for any number of answers that we will ever keep


def derived(secret: bytes, purpose: bytes) -> bytes:
    """A secret for one purpose (16 bytes at most), from which no other one can be told."""
    return hashlib.blake2b(key=hashlib.blake2b(secret).digest(), digest_size=32, person=purpose).digest()


class CacheKeys:
    """Keys under one secret; instances that share an L2 have to share it. SettingsInvalid for an empty one."""

    def __init__(self, secret: bytes) -> None:
        if not secret:
            raise SettingsInvalid("CACHE_KEY_SECRET: is empty, and keys without a secret can be guessed")
        key = hashlib.blake2b(secret).digest()
        self._keyed = hashlib.blake2b(key=key, digest_size=KEY_BYTES, person=b"ion-answer")
        self._receipts = hashlib.blake2b(key=key, digest_size=KEY_BYTES, person=b"ion-receipt")
        self._bytes = hashlib.blake2b(key=key, digest_size=KEY_BYTES, person=b"ion-bytes")

    def of(self, data: bytes) -> str:
        """The key of bytes by themselves, which no parts have."""
        digest = self._bytes.copy()
        digest.update(data)
        return digest.hexdigest()

    def receipt(self, about: str) -> str:
        """The mark of a receipt, 24 characters that are safe in URLs; no key of anything else is one."""
        digest = self._receipts.copy()
        digest.update(_bytes(about))
        return base64.urlsafe_b64encode(digest.digest()).decode()

    def key(self, /, **parts: str) -> str:
        """The key of named parts, in any order; 24 characters that are safe in URLs."""
        digest = self._keyed.copy()
        for name, part in sorted(parts.items()):
            for text in (_bytes(name), _bytes(part)):
                digest.update(len(text).to_bytes(8, "big") + text)
        return base64.urlsafe_b64encode(digest.digest()).decode()


def _bytes(text: str) -> bytes:
    """UTF-8, and something of its own for half a surrogate pair, which JSON lets through."""
    return text.encode("utf-8", "surrogatepass")
