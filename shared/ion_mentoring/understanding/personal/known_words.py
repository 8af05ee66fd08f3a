"""Words that tell a name from what only looks like one."""

from functools import lru_cache
from typing import Final

from ion_mentoring.resources import paths, read_toml

DATA: Final = "ion_mentoring/understanding/personal/known_words.toml"


@lru_cache(maxsize=16)
def known(name: str) -> frozenset[str]:
    """The words of one name in the data."""
    return frozenset(_data()[name].split())


@lru_cache(maxsize=1)
def _data() -> dict[str, str]:
    return read_toml(paths(DATA)[0])
