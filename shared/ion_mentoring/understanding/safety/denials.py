"""Denials of danger: "I'm not suicidal", "아무도 안 때려요". They take their own words out of a check, and nothing else."""

from typing import Annotated, Final

from msgspec import Meta

from ion_mentoring.catalogue.bilingual import Datum
from ion_mentoring.resources import paths, read_data
from ion_mentoring.understanding.folding import flat
from ion_mentoring.understanding.pattern import Pattern

DENIALS: Final = "ion_mentoring/understanding/safety/denials.toml"
_EDGES: Final = " \t\n.,;:!?~…-–—\"'“”‘’ㅠㅜㅋㅎ"

Patterns = Annotated[tuple[str, ...], Meta(min_length=1)]


class Book(Datum, frozen=True, kw_only=True):
    """The data file: clauses that deny, by language."""

    ko: Patterns
    en: Patterns


class Denials:
    """Finds the clauses of either language; people mix them."""

    def __init__(self, book: Book) -> None:
        self._clause = Pattern("|".join((*book.ko, *book.en)))

    @staticmethod
    def load() -> "Denials":
        """The finder with the product's data."""
        return Denials(read_data(Book, paths(DENIALS)[0]))

    def rest(self, text: str) -> str | None:
        """The text without the clauses that deny; None where none does."""
        seen = flat(text)
        left = self._clause.sub(" ", seen)
        return None if left == seen else left.strip(_EDGES)
