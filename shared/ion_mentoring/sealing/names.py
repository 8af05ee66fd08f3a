"""Keyed names: what documents and rows are called, so that a copy of a store does not even tell whose they are.

They are made of what plain records were called by (SHA-256), so that whoever does not know its owner can rename a record.
"""

import hashlib
from typing import Final

NAME_BYTES: Final = 18  # 144 bits, as in cache keys
ROOT_BYTES: Final = 32


class Names:
    """Names under one secret, by kind: the same text of another kind has another name."""

    def __init__(self, secret: bytes) -> None:
        self._secret = hashlib.blake2b(secret, digest_size=32, person=b"ion-names").digest()

    def of(self, kind: str, *parts: str) -> str:
        """36 hexadecimal digits."""
        digest = hashlib.blake2b(key=self._secret, digest_size=NAME_BYTES)
        for part in (kind, *parts):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big") + data)
        return digest.hexdigest()
