"""The helplines for somebody in danger, by country, language and need."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta, field

from ion_mentoring.catalogue.bilingual import Bilingual, Datum
from ion_mentoring.resources import paths, read_data
from ion_mentoring.understanding.folding import visible
from ion_mentoring.understanding.pattern import Pattern

HELPLINES: Final = "ion_mentoring/understanding/safety/helplines.toml"
ANYWHERE: Final = "any"
COUNTRY_OF: Final = {"ko": "KR", "en": "US"}  # whose lines a language most likely reaches where no country is known
MOST_LINES: Final = 4  # more of them are not read in distress

Need = Literal[
    "self_harm", "violence", "harm_others", "other", "minor", "eating", "work", "school", "army", "pictures", "labour",
    "migrant",
]  # fmt: skip


class Line(Bilingual, frozen=True, kw_only=True):
    """One line as it is shown, with hours and languages; `text` if it can be reached without speaking."""

    needs: Annotated[tuple[Need, ...], Meta(min_length=1)] = field(name="for")
    text: bool = False
    source: str
    checked: date


class Country(Datum, frozen=True, kw_only=True):
    """The lines of a country, or of all `members`; police and ambulance where each has a number of its own."""

    emergency: Bilingual
    police: Bilingual | None = None
    ambulance: Bilingual | None = None
    lines: tuple[Line, ...] = ()
    members: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class Book(Datum, frozen=True, kw_only=True):
    """The data file."""

    countries: dict[str, Country]


class Helplines:
    """The lines of all countries."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._countries = {code: own for name, own in book.countries.items() for code in (name, *own.members)}
        self._anywhere = self._countries[ANYWHERE]
        self._words = {name: Pattern("|".join(own.words)) for name, own in book.countries.items() if own.words}

    @staticmethod
    def load() -> "Helplines":
        """The lines of the product."""
        return Helplines(read_data(Book, paths(HELPLINES)[0]))

    def named(self, texts: Iterable[str]) -> str | None:
        """The country in which somebody says to be, the last one that these texts name; None where they name none."""
        found = None
        for text in texts:
            low = visible(text)
            found = next((code for code, words in self._words.items() if words.search(low)), found)
        return found

    def emergency(self, language: str, country: str | None = None) -> str:
        """The number for a danger of this minute, as it stands in a sentence."""
        return self._near(language, country).emergency.in_(language)

    def police(self, language: str, country: str | None = None) -> str:
        """The number of the police."""
        near = self._near(language, country)
        return (near.police or near.emergency).in_(language)

    def ambulance(self, language: str, country: str | None = None) -> str:
        """The number for an ambulance."""
        near = self._near(language, country)
        return (near.ambulance or near.emergency).in_(language)

    def lines(self, needs: tuple[Need, ...], language: str, country: str | None = None, *, text: bool = False) -> list[str]:
        """The lines that serve one of the needs, first need first; with `text`, those that need no voice.

        Where no country is known, the lines of the asker's language come with the one that leads to all others, but in Korean.
        """
        own = self._of(language, country)
        found = [line for need in needs for line in own.lines if need in line.needs and (line.text or not text)]
        if not found or (country is None and language != "ko"):
            found += [line for line in self._anywhere.lines if line.text or not text]
        return list(dict.fromkeys(line.in_(language) for line in found))[:MOST_LINES]

    def _near(self, language: str, country: str | None) -> Country:
        return self._of(language, country) if country or language == "ko" else self._anywhere

    def _of(self, language: str, country: str | None) -> Country:
        return self._countries.get((country or COUNTRY_OF.get(language, ANYWHERE)).upper(), self._anywhere)
