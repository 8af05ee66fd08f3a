"""The folding of a text before words are looked for in it."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

MARKS: Final = 30  # in a row: more than any language or notation needs (UAX #15, 13.1, stream-safe text)
MOST_READ: Final = 4_500  # characters of a text that is laid flat
FORM: Final = 2  # characters that are read of what is a word by itself: a ㎏ or a ﷺ, which is 18

# Control characters but white space, soft hyphens, strokes through letters, fillers, zero-width and direction marks, variants.
_INVISIBLE: Final = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u0300-\u036f\u061c\u115f\u1160\u180b-\u180e"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
# Those of them that may stand where two words meet; a soft hyphen, a stroke or a variant is within one.
_MAY_PART: Final = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+"
)
_SPACE: Final = re.compile(r"\s+")
# Every combining mark is among these, whatever else is; the half-width sound marks become some, and are letters until then.
_MAY_BE_MARK: Final = r"(?:[^\w\s\x00-\x7f]|[\uff9e\uff9f])"
_MANY_MARKS: Final = re.compile(rf"(?<!{_MAY_BE_MARK}){_MAY_BE_MARK}{{{MARKS + 1},}}")
# The blocks with single characters that are three letters or more: fractions, units, words in squares, circles and brackets.
_WORDS_BY_THEMSELVES: Final = re.compile(
    "[\u00bc-\u00be\u2100-\u2189\u2474-\u24b5\u3200-\u33ff\ufb03\ufb04\ufd50-\ufdfc\U0001f110-\U0001f248]+"
)


def stream_safe(text: str) -> str:
    """The text with at most 30 combining marks in a row; putting marks in order costs the square of their number.

    To be called before any Unicode normalisation, and after whatever takes characters out.
    """
    return text if text.isascii() else _MANY_MARKS.sub(_cut, text)


def compatible(text: str) -> str:
    """The text in compatibility form (NFKC), and never much longer for it."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", _WORDS_BY_THEMSELVES.sub(_short, stream_safe(text)))


def visible(text: str) -> str:
    """The text in one case and one form, without what cannot be seen; its white space stays as it is."""
    return _INVISIBLE.sub("", compatible(text).casefold())


def readings(text: str) -> tuple[str, ...]:
    """The visible text; and once more with spaces, where what cannot be seen may have stood between two words."""
    joined, spaced = visible(text), _MAY_PART.sub(" ", text)
    if spaced == text:
        return (joined,)
    parted = visible(spaced)
    return (joined,) if joined.split() == parted.split() else (joined, parted)


def flat(text: str) -> str:
    """The visible text, no longer than one of ordinary letters may be: others come of letters that are several laid flat."""
    return visible(text)[:MOST_READ]


def folded(text: str) -> str:
    """The same with single spaces."""
    return _SPACE.sub(" ", visible(text)).strip()


def _cut(run: re.Match[str]) -> str:
    marking = {char for char in set(run[0]) if _is_mark(char)}
    if not marking:  # a row of symbols, as most rows are
        return run[0]
    kept, marks = [], 0
    for char in run[0]:
        marks = marks + 1 if char in marking else 0
        if marks <= MARKS:
            kept.append(char)
    return "".join(kept)


def _short(run: re.Match[str]) -> str:
    return "".join(map(_begun, run[0]))


@lru_cache(maxsize=2048)
def _begun(char: str) -> str:
    return unicodedata.normalize("NFKC", char)[:FORM]


@lru_cache(maxsize=2048)
def _is_mark(char: str) -> bool:
    return unicodedata.combining(unicodedata.normalize("NFKD", char)[0]) > 0
