"""Texts as they are from the door on: in one form of Unicode, with one kind of line end, and no two words joined.

What ends a line becomes a newline. Any other control character but a tab becomes a space, since nobody can tell whether words
met there. A byte order mark at the beginning vanishes. What is no control character (joiners, direction marks) says something,
and stays.
"""

import re
import unicodedata
from typing import Final

from ion_mentoring.understanding.folding import stream_safe

SHRINKS: Final = 4  # times at most in composing: U+1F82 is four characters when decomposed

# CR, VT, FF, FS, GS, RS, NEL, and the line and paragraph separators: where `str.splitlines` splits, too.
_LINE_END: Final = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f]+")
_BYTE_ORDER_MARK: Final = "\ufeff"
_SHOW_NOTHING: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Cs", "Co", "Cn"})


def composed(text: str) -> str:
    """The text in NFC: what a keyboard writes, a Hangul syllable as one character."""
    return text if text.isascii() else unicodedata.normalize("NFC", stream_safe(text))


def cleaned(text: str, limit: int) -> str:
    """The text as it is read from here on. One that has no chance of being within `limit` characters is only trimmed."""
    text = text.removeprefix(_BYTE_ORDER_MARK).strip()
    if len(text) > SHRINKS * limit:
        return text
    if not text.isprintable():  # most texts are, at a glance
        text = _CONTROL.sub(" ", _LINE_END.sub("\n", text))
    return composed(text).strip()


def shows_nothing(text: str) -> bool:
    """True if there is nothing in the text that anybody could see."""
    return all(unicodedata.category(char) in _SHOW_NOTHING for char in text)
