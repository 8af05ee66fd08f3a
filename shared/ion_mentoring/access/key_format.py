"""The form of an API key: `ion_`, a public id, a secret of 256 bits, and a checksum by which scanners know a real one.

    ion_ 7Gq2mXc0LdPz _ kT3...43 letters and digits...9wB 0aB3xZ

The checksum is the CRC-32 of all that stands before it, in base 62, as other services' keys have it: a leaked key is found
without asking us, and a mistyped one is refused without asking the store.
"""

import re
import secrets
import string
import zlib
from typing import Final

PREFIX: Final = "ion_"
ID: Final = r"[0-9A-Za-z]{12}"
ALPHABET: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase
ID_LENGTH: Final = 12
SECRET_LENGTH: Final = 43  # of 62 letters: 256 bits
SUM_LENGTH: Final = 6

_KEY: Final = re.compile(rf"{PREFIX}(?P<id>{ID})_[0-9A-Za-z]{{{SECRET_LENGTH}}}(?P<sum>[0-9A-Za-z]{{{SUM_LENGTH}}})")


def new_id() -> str:
    """A public id, of 71 random bits."""
    return _drawn(ID_LENGTH)


def new_secret(identity: str) -> str:
    """A whole key of that id."""
    text = f"{PREFIX}{identity}_{_drawn(SECRET_LENGTH)}"
    return text + _checksum(text)


def id_of(key: str) -> str | None:
    """The public id of a key; None for what is none, or was mistyped."""
    found = _KEY.fullmatch(key)
    return found["id"] if found and _checksum(key[:-SUM_LENGTH]) == found["sum"] else None


def _drawn(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _checksum(text: str) -> str:
    number, digits = zlib.crc32(text.encode("ascii")), ""
    for _ in range(SUM_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        digits = ALPHABET[place] + digits
    return digits
