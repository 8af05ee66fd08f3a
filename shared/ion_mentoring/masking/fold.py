"""A text folded letter by letter, so that what is found in the fold stands at the same place of the text."""

from typing import Final

_FULL_WIDTH: Final = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−﹣⁃ー─"), "-")
_SPACES: Final = dict.fromkeys(map(ord, "\u00a0\u2000\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"), " ")
NOTHING: Final = "\u200b"  # a zero-width space, which all that shows nothing becomes

_NOTHING: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"), NOTHING)
_DOTS: Final = dict.fromkeys(map(ord, "。｡·・"), ".")
_DIGITS: Final = {ord(digit): str(at) for digits in ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹") for at, digit in enumerate(digits)}
_TABLE: Final[dict[int, str]] = {**_FULL_WIDTH, **_DASHES, **_SPACES, **_NOTHING, **_DOTS, **_DIGITS}


def folded_in_place(text: str) -> str:
    """The text with plain digits, dashes, dots and spaces; as long as it was. What shows nothing becomes U+200B."""
    return text if text.isascii() else text.translate(_TABLE)
