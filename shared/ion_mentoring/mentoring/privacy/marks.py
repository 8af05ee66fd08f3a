"""The forms in which a text may lie somewhere: encodings, Unicode forms, base64 at any offset, escapes, unkeyed hashes."""

import base64
import hashlib
import json
import unicodedata
from collections.abc import Iterator
from typing import Final

from ion_mentoring.understanding.folding import stream_safe

ENCODINGS: Final = ("utf-8", "utf-16-le", "utf-16-be")


class Marks:
    """The forms of some texts."""

    def __init__(self, *texts: str) -> None:
        self._forms = {form: f"{text!r} as {kind}" for text in texts for kind, form in _forms(text) if form}

    def found(self, data: bytes) -> list[str]:
        """The texts that are in some bytes, and how."""
        return sorted(kind for form, kind in self._forms.items() if form in data)


def _forms(text: str) -> Iterator[tuple[str, bytes]]:
    for form in ("NFC", "NFD"):
        said = unicodedata.normalize(form, stream_safe(text))
        for encoding in ENCODINGS:
            data = said.encode(encoding)
            yield f"{encoding} {form}", data
            for offset in range(3):
                yield f"base64 of {encoding} {form}", _inner(base64.b64encode(b"\0" * offset + data), offset, len(data))
                yield (
                    f"base64url of {encoding} {form}",
                    _inner(base64.urlsafe_b64encode(b"\0" * offset + data), offset, len(data)),
                )
        yield f"JSON {form}", json.dumps(said).strip('"').encode()
        yield f"hex {form}", said.encode().hex().encode()
        for name in ("md5", "sha1", "sha256", "sha512"):
            yield f"{name} {form}", hashlib.new(name, said.encode(), usedforsecurity=False).hexdigest().encode()


def _inner(encoded: bytes, offset: int, length: int) -> bytes:
    """The characters that are made of the text alone, whatever stands before and after it."""
    first, last = -(-offset * 8 // 6), (offset + length) * 8 // 6
    return encoded[first:last]
