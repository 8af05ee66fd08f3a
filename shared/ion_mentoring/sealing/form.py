"""The form of sealed words: readable is whose keys open them, and nothing else.

ion1.  base64url of:  holder (18 bytes) | key (8) | nonce (12) | text and tag
"""

import binascii
from typing import Final

from msgspec import Struct

from ion_mentoring.sealing.names import NAME_BYTES

PREFIX: Final = "ion1."
ID_BYTES: Final = 8
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
_STANDARD: Final = bytes.maketrans(b"-_", b"+/")
_SHORTEST: Final = NAME_BYTES + ID_BYTES + NONCE_BYTES + TAG_BYTES


class Head(Struct, frozen=True):
    """The holder and the key of what is sealed, and the rest of it."""

    holder: str
    key: bytes
    rest: bytes


def is_sealed(text: str | None) -> bool:
    """True for what looks like it; a JSON text never does."""
    return text is not None and text.startswith(PREFIX)


def head_of(sealed: str) -> Head | None:
    """The parts; None if it is nothing that was sealed."""
    if not sealed.startswith(PREFIX):
        return None
    try:
        encoded = sealed[len(PREFIX) :].encode("ascii").translate(_STANDARD)
        data = binascii.a2b_base64(encoded, strict_mode=True)
    except ValueError:
        return None
    # The last character has bits that decoding does not look at: whatever is not as we write it is not ours.
    if len(data) < _SHORTEST or binascii.b2a_base64(data[(len(data) - 1) // 3 * 3 :], newline=False) != encoded[-4:]:
        return None
    return Head(data[:NAME_BYTES].hex(), data[NAME_BYTES : NAME_BYTES + ID_BYTES], data[NAME_BYTES + ID_BYTES :])


def holder_of(sealed: str) -> str | None:
    """The holder whose keys open it; None if it is nothing that was sealed."""
    head = head_of(sealed)
    return head.holder if head else None


def bound(*parts: str) -> bytes:
    """Length-prefixed parts, so that no two places read the same."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)
