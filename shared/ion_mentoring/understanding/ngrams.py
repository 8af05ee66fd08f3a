"""The features of a text that its reading is learned from: hashed runs of letters, words and pairs of words.

Hashing stands in for a dictionary (Weinberger et al., Feature Hashing for Large Scale Multitask Learning, 2009). Korean is
read by its jamo, since its endings and its misspellings differ in them, and by pairs of syllables; everything else by words
and runs of four letters.
"""

import re
import unicodedata
from itertools import pairwise
from typing import Final
from zlib import crc32

from ion_mentoring.understanding.folding import visible

READ: Final = 800  # characters: as many as show how somebody speaks and what of
JAMO_RUNS: Final = (4, 6)
SYLLABLE_RUN: Final = 2
LETTER_RUN: Final = 4

# What each kind of feature starts its hash from, so that no two kinds mean the same.
_JAMO, _SYLLABLES, _LETTERS, _WORD, _PAIR, _MARK, _EDGE, _NAMED = range(1, 9)

_HANGUL: Final = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]+")
_LATIN: Final = re.compile(r"[a-z0-9+#]+")
_APOSTROPHE: Final = re.compile(r"['’‘`]")
_MARKS: Final = re.compile(r"[!?.…~^;:,\n]+|ㅋ+|ㅎ+|ㅠ+|ㅜ+")
_EMOJI: Final = re.compile("[\u2600-\u27bf\U0001f300-\U0001faff]")
_MOST_OF_A_MARK: Final = 3  # ㅋㅋㅋㅋ says what ㅋㅋㅋ does


def hashed_ngrams(text: str, names: tuple[str, ...] = ()) -> list[int]:
    """The distinct hashes (32 bits) of a text, and of what else is known of it by name.

    Of a long text its beginning and its end are read, where people say what they want.
    """
    low = _APOSTROPHE.sub("", visible(_edges(text)))
    hangul, latin = _HANGUL.findall(low), _LATIN.findall(low)
    found = [crc32(name.encode(), _NAMED) for name in names]
    if hangul:
        found += _korean(hangul)
    if latin:
        found += _words(latin)
    found += [crc32(mark[:_MOST_OF_A_MARK].encode(), _MARK) for mark in _MARKS.findall(low)]
    found += [crc32(emoji.encode(), _MARK) for emoji in _EMOJI.findall(low)]
    return list(dict.fromkeys(found))


def _edges(text: str) -> str:
    return text if len(text) <= READ else f"{text[: READ // 2]} {text[-READ // 2 :]}"


def _korean(words: list[str]) -> list[int]:
    line = f" {' '.join(words)} "
    jamo = unicodedata.normalize("NFD", line).encode("utf-16-le")
    syllables = "".join(words).encode("utf-16-le")
    found = [crc32(jamo[at : at + 2 * run], _JAMO) for run in JAMO_RUNS for at in range(0, len(jamo) - 2 * run + 1, 2)]
    step = 2 * SYLLABLE_RUN
    found += [crc32(syllables[at : at + step], _SYLLABLES) for at in range(0, len(syllables) - step + 1, 2)]
    found += [crc32(word.encode(), _WORD) for word in words]
    found.append(crc32(words[-1][-2:].encode(), _EDGE))
    return found


def _words(words: list[str]) -> list[int]:
    line = f" {' '.join(words)} ".encode()
    found = [crc32(line[at : at + LETTER_RUN], _LETTERS) for at in range(len(line) - LETTER_RUN + 1)]
    encoded = [word.encode() for word in words]
    found += [crc32(word, _WORD) for word in encoded]
    found += [crc32(first + b" " + second, _PAIR) for first, second in pairwise(encoded)]
    found += [crc32(b"^" + encoded[0], _EDGE), crc32(b"$" + encoded[-1], _EDGE)]
    return found
