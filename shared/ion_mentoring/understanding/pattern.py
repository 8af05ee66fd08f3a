"""A regular expression that is compiled when it is first asked, since a start waits for what a first answer does not ask."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

METHODS: Final = ("search", "match", "fullmatch", "finditer", "sub")


class Pattern:
    """The regular expression `source`; re.error at its first use where it is none.

    Its methods are those of the compiled one, and as fast from the second use on.
    """

    search: Callable[[str], re.Match[str] | None]
    match: Callable[[str], re.Match[str] | None]
    fullmatch: Callable[[str], re.Match[str] | None]
    finditer: Callable[[str], Iterator[re.Match[str]]]
    sub: Callable[[str, str], str]

    def __init__(self, source: str) -> None:
        self.source = source

    def __getattr__(self, name: str) -> Any:
        """Compiles, and keeps the methods, which are looked for here no more."""
        if name not in METHODS:
            raise AttributeError(name)
        compiled = re.compile(self.source)
        for method in METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)
