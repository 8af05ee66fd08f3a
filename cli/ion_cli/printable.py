"""The cleaning of what others wrote, so that none of it steers a terminal."""

import json
import unicodedata
from typing import Any, Final

_KEPT: Final = frozenset("\n\t")
_TURNS: Final = frozenset(map(chr, (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def printable(text: str) -> str:
    """The text without control characters (C0 but for newline and tab, DEL, C1), surrogates, and marks that turn its direction.

    Each character is judged alone, so a sequence that comes in two pieces is cleaned as well. What is left of one is shown.
    """
    text = text.replace("\r\n", "\n")
    if text.isascii() and text.isprintable():
        return text
    return "".join(one for one in text if one in _KEPT or not _steers(one))


def printable_line(text: object) -> str:
    """The text on one line, without control characters."""
    return " ".join(printable(str(text)).split())


def printable_json(value: Any, *, indent: int | None = None) -> str:
    """The value as JSON in which control characters are escaped, those that JSON leaves alone (DEL, C1) as well."""
    written = json.dumps(value, ensure_ascii=False, indent=indent)
    return "".join(one if one == "\n" or not _steers(one) else f"\\u{ord(one):04x}" for one in written)


def _steers(one: str) -> bool:
    return unicodedata.category(one) in ("Cc", "Cs") or one in _TURNS
