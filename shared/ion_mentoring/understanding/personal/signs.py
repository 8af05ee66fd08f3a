"""The signs as data: words by name, and patterns by the kind of sign, compiled when the first text is looked at."""

import re
from functools import lru_cache
from typing import Any, Final

from ion_mentoring.resources import paths, read_toml

DATA: Final = "ion_mentoring/understanding/personal/signs.toml"
_HANGUL: Final = re.compile("[가-힣]")
_LATIN: Final = re.compile("[A-Za-z]{2}")
_LATIN_OR_DIGIT: Final = re.compile(r"[A-Za-z]{2}|\d")  # a sum is a secret, in whatever words
_NAMED: Final = re.compile("<([a-z_]+)>")


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return read_toml(paths(DATA)[0])


@lru_cache(maxsize=64)
def words(name: str) -> str:
    """The alternatives of a name, with those that they name in turn."""
    return filled(_data()["words"][name])


def filled(pattern: str) -> str:
    """A pattern with words in the places of their names."""
    return _NAMED.sub(lambda found: words(found[1]), pattern)


def has_sign(kind: str, text: str) -> bool:
    """True if a text has a sign of a kind, in the scripts that it is written in."""
    worded = _LATIN_OR_DIGIT if kind == "secret" else _LATIN
    if worded.search(text) and _signs(kind, korean=False).search(text):
        return True
    return _HANGUL.search(text) is not None and _signs(kind, korean=True).search(text) is not None


@lru_cache(maxsize=16)
def _signs(kind: str, *, korean: bool) -> re.Pattern[str]:
    """The pattern of a kind of sign. Sums and keys stand between other letters in Korean: there, only ASCII makes words."""
    patterns = [filled(pattern) for pattern in _data()["signs"][kind]]
    joined = "|".join(pattern for pattern in patterns if (_HANGUL.search(pattern) is not None) == korean)
    return re.compile(joined, re.ASCII if kind == "secret" else re.NOFLAG)
