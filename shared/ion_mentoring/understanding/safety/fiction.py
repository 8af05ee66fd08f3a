"""Danger that somebody tells of a person they made up, or asks about for a lesson; not their own that stands beside it."""

from typing import Annotated, Final

from msgspec import Meta

from ion_mentoring.catalogue.bilingual import Datum
from ion_mentoring.resources import paths, read_data
from ion_mentoring.understanding.folding import flat
from ion_mentoring.understanding.pattern import Pattern

FICTION: Final = "ion_mentoring/understanding/safety/fiction.toml"

Patterns = Annotated[tuple[str, ...], Meta(min_length=1)]


class _Both(Datum, frozen=True, kw_only=True):
    ko: Patterns
    en: Patterns


class Book(Datum, frozen=True, kw_only=True):
    """The data file."""

    told: _Both
    own: _Both
    harm: _Both


class Fiction:
    """Tells made-up danger from texts in either language; people mix them."""

    def __init__(self, book: Book) -> None:
        self._told, self._own, self._harm = (_pattern(one) for one in (book.told, book.own, book.harm))

    @staticmethod
    def load() -> "Fiction":
        """The product's words."""
        return Fiction(read_data(Book, paths(FICTION)[0]))

    def is_told(self, text: str) -> bool:
        """True for a text about somebody made up, or for a lesson, that says nothing of the writer's own danger."""
        low = flat(text)
        return self._told.search(low) is not None and self._own.search(low) is None

    def harms(self, text: str) -> bool:
        """True for such a text with a word of danger in it."""
        return self.is_told(text) and self._harm.search(flat(text)) is not None


def _pattern(both: _Both) -> Pattern:
    return Pattern("|".join((*both.ko, *both.en)))
