"""The number of tokens of a text, estimated on the high side before any model has counted them.

The text is cut where tokenizers cut it (words, three digits, runs of a script). Each character stands for its kind by the
first byte of its UTF-8, since bytes are translated faster than anything can be looked up. A piece's cost depends on its kinds
alone. `python -m bench.tokens` shows how near that comes to OpenAI's o200k_base.
"""

import math
import re
from functools import lru_cache
from typing import Final, NamedTuple

PIECES_KNOWN: Final = 1_024  # shapes of pieces whose cost is kept: prose and code have a few hundred


class Cost(NamedTuple):
    """Tokens of the first character of a run, of each one more up to so many (`long`), and of each one beyond."""

    first: float
    more: float
    long: int = 1_000_000
    beyond: float = 0.0


COSTS: Final = {
    "l": Cost(1.01, 0.02, 9, 0.32),  # a word of lower case, perhaps with a capital
    "u": Cost(1.0, 0.3),  # capitals
    "d": Cost(1.1, 0.0),  # up to three digits
    "p": Cost(0.93, 0.1),  # a run of ASCII marks
    "h": Cost(1.28, 0.49, 3, 1.05),  # Hangul: what people write without blanks is seldom in a vocabulary
    "j": Cost(3.03, 3.03),  # decomposed Hangul, and what else begins with E1
    "c": Cost(0.78, 0.7),  # Chinese characters
    "k": Cost(0.8, 0.74),  # kana
    "t": Cost(0.45, 0.42),  # Thai and the scripts of India
    "x": Cost(1.3, 0.8),  # accented, Greek, Cyrillic, Arabic, Hebrew
    "e": Cost(2.0, 2.0),  # emoji
    "q": Cost(1.0, 1.0),  # typographic marks
    "f": Cost(1.0, 1.0),  # full-width marks
}
JOINED: Final = 0.5  # a mark glued to the word behind it
GAP: Final = (0.95, 0.0125, 0.063)  # a run of white space; each blank of it; each tab or new line
CHANGE: Final = 0.5  # from one sort of white space to another within a run
ROUNDED: Final = 0.15  # of a token, which a short text may be below the next whole one

_FIRST_BYTES: Final = (
    (0x00, "p" * 9 + "bnnnnn"), (0x20, "s"), (0x30, "d" * 10), (0x41, "u" * 26), (0x61, "l" * 26), (0xC0, "x" * 32),
    (0xE0, "tjqk" + "c" * 6 + "h" * 4 + "ff" + "e" * 16),
)  # fmt: skip
_KINDS: Final = bytearray(b"p" * 256)
for _start, _kinds in _FIRST_BYTES:
    _KINDS[_start : _start + len(_kinds)] = _kinds.encode()
_CHANGES: Final = (b"ns", b"nb", b"sn", b"bn", b"sb", b"bs")
_FOLLOWING: Final = bytes(range(0x80, 0xC0))
_PIECES: Final = re.compile(
    rb"[sp]?u?l+|[sp]?u+(?!l)|d{1,3}|s?h+|c+|k+|t+|j+|s?e+|q+|f+|[sp]?x+|[sb]*n[sbn]*(?=s)|[sbn]*n|[sb]+(?=[sb])|s|b|p+n*|."
)

# What the first byte does not tell: characters that cost more or less than their kind, looked for only where it occurs.
_RARER: Final = (
    (b"e", 1, re.compile("[\U0001f540-\U0001f5ff\U0001f6c0-\U0001f8ff\U0001f980-\U0010ffff]")),
    (b"e", 2, re.compile("[\U00010000-\U0001efff\U00020000-\U0010ffff]")),
    (b"e", -1, re.compile("[🏻🏼👇👉👌👍👏💕🔥😀😁😂😉😊😍😘😭🙂🙏🤣]")),
    (b"q", 1, re.compile("[\u2070-\u2fff]")),
    (b"f", 2, re.compile("[\ue000-\ufdff\ufe10-\uff00\uff65-\uffff]")),
)


def estimated_tokens(text: str) -> int:
    """An upper-leaning estimate of the tokens in a text, at least 1 for a text that is not empty."""
    kinds = text.encode("utf-8", "surrogatepass").translate(_KINDS, _FOLLOWING)
    tokens = sum(map(_cost, _PIECES.findall(kinds)))
    if not text.isascii():
        tokens += sum(more * len(rare.findall(text)) for kind, more, rare in _RARER if kind in kinds)
    return math.ceil(tokens - ROUNDED) if text else 0


@lru_cache(PIECES_KNOWN)
def _cost(piece: bytes) -> float:
    """The tokens of a piece of these kinds."""
    kind = chr(piece[-1])
    if kind == "n" and piece[:1] == b"p":
        piece, kind = piece.rstrip(b"n"), "p"
    if kind in "sbn":
        return _gap(piece)
    glued = len(piece) > 1 and kind in "luxhe" and piece[:1] in (b"s", b"p")
    joined = JOINED if glued and piece[:1] == b"p" else 0.0
    size = len(piece) - glued
    cost = COSTS[kind]
    return joined + cost.first + cost.more * (min(size, cost.long) - 1) + cost.beyond * max(0, size - cost.long)


def _gap(piece: bytes) -> float:
    """The tokens of white space, in which each change between blanks, tabs and new lines begins another token."""
    blanks = piece.count(b"s")
    return GAP[0] + GAP[1] * blanks + GAP[2] * (len(piece) - blanks) + CHANGE * sum(map(piece.count, _CHANGES))
