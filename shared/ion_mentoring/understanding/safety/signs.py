"""Plain signs of danger in a text: patterns as data, read in all its views."""

import re
from typing import Annotated, Final, Literal

from msgspec import Meta

from ion_mentoring.catalogue.bilingual import Datum
from ion_mentoring.resources import paths, read_data
from ion_mentoring.understanding.safety.views import views_of_folded

SIGNS: Final = "ion_mentoring/understanding/safety/signs.toml"
NAMES: Final[tuple["Mark", ...]] = ("plain", "self_harm", "abuse")  # the gravest first
GAP: Final = " | "  # what is left of an idiom: nothing may be read across it

Mark = Literal["plain", "self_harm", "abuse", "idiom"]
Patterns = Annotated[tuple[str, ...], Meta(min_length=1)]


class Signs(Datum, frozen=True, kw_only=True):
    """Regular expressions over one view of a text."""

    idioms: Patterns
    plain: tuple[str, ...] = ("(?!)",)  # nothing
    self_harm: Patterns
    abuse: Patterns


class Book(Datum, frozen=True, kw_only=True):
    """The data file."""

    ko: Signs
    ko_words: Signs
    ko_sound: Signs
    en: Signs


class SignPatterns:
    """Looks for the signs of all languages in any text: people write in more than one."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._compiled: dict[tuple[str, str], re.Pattern[str]] = {}

    @staticmethod
    def load() -> "SignPatterns":
        """The patterns of the product."""
        return SignPatterns(read_data(Book, paths(SIGNS)[0]))

    def mark(self, flat: str) -> Mark | None:
        """The gravest sign in a text in one case and form; `idiom` where an idiom has all that looks like one, else None."""
        found: Mark | None = None
        for view, reading in views_of_folded(flat):
            for name in NAMES:
                if self._pattern(view, name).search(reading) is None:
                    continue
                if self._pattern(view, name).search(self._pattern(view, "idioms").sub(GAP, reading)):
                    found = _graver(found, name)
                else:
                    found = found or "idiom"
        return found

    def _pattern(self, view: str, name: str) -> re.Pattern[str]:
        """One pattern of a list, compiled when first needed: cold start is a budget, and most texts need a third of all."""
        if (view, name) not in self._compiled:
            patterns = getattr(getattr(self._book, view), name)
            self._compiled[view, name] = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
        return self._compiled[view, name]


def _graver(found: Mark | None, name: Mark) -> Mark:
    return found if found in NAMES and NAMES.index(found) < NAMES.index(name) else name
