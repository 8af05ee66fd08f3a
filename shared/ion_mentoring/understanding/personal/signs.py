"""The signs as data: words by name, and patterns by the kind of sign, compiled when the first text is looked at."""

import re
from functools import lru_cache
from typing import Any, Final

from ion_mentoring.resources import paths, read_toml

DATA: Final = "ion_mentoring/understanding/personal/signs.toml"
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


@lru_cache(maxsize=8)
def signs(kind: str) -> re.Pattern[str]:
    """The pattern of a kind of sign. Sums and keys stand between other letters in Korean: there, only ASCII makes words."""
    joined = "|".join(filled(pattern) for pattern in _data()["signs"][kind])
    return re.compile(joined, re.ASCII if kind == "secret" else re.NOFLAG)
