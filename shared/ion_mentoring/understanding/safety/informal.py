"""What is said to a child in Korean: polite endings become those of a kind grown-up, outside of quoted words."""

import re
from typing import Final

from ion_mentoring.catalogue.bilingual import Datum
from ion_mentoring.resources import paths, read_data
from ion_mentoring.understanding.pattern import Pattern

INFORMAL: Final = "ion_mentoring/understanding/safety/informal.toml"
_QUOTED: Final = re.compile("(“[^”]*”)")


class _Book(Datum, frozen=True, kw_only=True):
    changes: tuple[tuple[str, str], ...]


class Informal:
    """Makes polite Korean informal; what is informal already stays as it is."""

    def __init__(self, changes: tuple[tuple[str, str], ...]) -> None:
        self._changes = [(Pattern(pattern), instead) for pattern, instead in changes]
        self._known: dict[str, str] = {}  # of the product's texts alone

    @staticmethod
    def load() -> "Informal":
        """The product's changes."""
        return Informal(read_data(_Book, paths(INFORMAL)[0]).changes)

    def said(self, text: str) -> str:
        """The text as it is said to a child."""
        if text not in self._known:
            parts = (part if part.startswith("“") else self._changed(part) for part in _QUOTED.split(text))
            self._known[text] = "".join(parts)
        return self._known[text]

    def _changed(self, text: str) -> str:
        for pattern, instead in self._changes:
            text = pattern.sub(instead, text)
        return text
