"""Sealed words: texts of a person under the keys of that person (AES-256-GCM, NIST SP 800-38D), as text that any store takes.

Bound as associated data are its holder, its place and its field: a record that was moved or changed does not open.
"""

import base64
import os
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from ion_mentoring.sealing.form import ID_BYTES, NONCE_BYTES, PREFIX, bound, head_of

KEY_BYTES: Final = 32

Random = Callable[[int], bytes]


class UserKeys(Struct, frozen=True, dict=True):
    """The keys of one holder, the newest first: that one seals, all of them open."""

    holder: str
    secrets: tuple[tuple[bytes, bytes], ...]  # id and key

    @classmethod
    def drawn(cls, holder: str, random: Random = os.urandom) -> Self:
        """Keys of a new holder."""
        return cls(holder, ((random(ID_BYTES), random(KEY_BYTES)),))

    def renewed(self, random: Random = os.urandom) -> "UserKeys":
        """The same with a newer one."""
        return UserKeys(self.holder, ((random(ID_BYTES), random(KEY_BYTES)), *self.secrets))

    @cached_property
    def _ciphers(self) -> Mapping[bytes, AESGCM]:
        return {name: AESGCM(secret) for name, secret in self.secrets}

    def seal(self, text: str, *at: str, random: Random = os.urandom) -> str:
        """A text sealed at a place: the parts of `at`, its field last."""
        name, nonce = self.secrets[0][0], random(NONCE_BYTES)
        data = text.encode("utf-8", "surrogatepass")
        sealed = self._ciphers[name].encrypt(nonce, data, bound(self.holder, *at))
        return PREFIX + base64.urlsafe_b64encode(bytes.fromhex(self.holder) + name + nonce + sealed).decode()

    def open(self, sealed: str, *at: str) -> str | None:
        """The text of what was sealed at that place; None for anything else, and under a key that is gone."""
        head = head_of(sealed)
        if head is None or head.holder != self.holder or head.key not in self._ciphers:
            return None
        try:
            data = self._ciphers[head.key].decrypt(head.rest[:NONCE_BYTES], head.rest[NONCE_BYTES:], bound(self.holder, *at))
        except InvalidTag:
            return None
        return data.decode("utf-8", "surrogatepass")

    @property
    def packed(self) -> bytes:
        """All ids and keys, to be wrapped."""
        return b"".join(name + secret for name, secret in self.secrets)

    @classmethod
    def unpacked(cls, holder: str, packed: bytes) -> Self:
        """The keys of such bytes."""
        size = ID_BYTES + KEY_BYTES
        pieces = (packed[start : start + size] for start in range(0, len(packed), size))
        return cls(holder, tuple((piece[:ID_BYTES], piece[ID_BYTES:]) for piece in pieces))


def wrapped(key: bytes, data: bytes, *at: str, random: Random = os.urandom) -> bytes:
    """Keys under another key."""
    nonce = random(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data, bound("", *at))


def unwrapped(key: bytes, data: bytes, *at: str) -> bytes | None:
    """The keys again; None if another key wrapped them, or at another place."""
    try:
        return AESGCM(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], bound("", *at))
    except (InvalidTag, ValueError):
        return None
