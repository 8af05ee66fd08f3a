"""How a text is laid flat before words are looked for in it."""

import re
import unicodedata
from typing import Final

# Control characters but white space, soft hyphens, strokes through letters, fillers, zero-width and direction marks, variants.
_INVISIBLE: Final = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u0300-\u036f\u061c\u115f\u1160\u180b-\u180e"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
_SPACE: Final = re.compile(r"\s+")


def visible(text: str) -> str:
    """The text in one case and one form, without what cannot be seen; its white space stays as it is."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text).casefold())


def folded(text: str) -> str:
    """The same with single spaces."""
    return _SPACE.sub(" ", visible(text)).strip()
