"""The helplines for somebody in danger, by country, language and need."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta, field

from ion_mentoring.catalogue.bilingual import Bilingual, Datum
from ion_mentoring.resources import paths, read_data
from ion_mentoring.understanding.folding import visible
from ion_mentoring.understanding.pattern import Pattern
from ion_mentoring.understanding.safety.contacts import Contact

HELPLINES: Final = "ion_mentoring/understanding/safety/helplines.toml"
ANYWHERE: Final = "any"
COUNTRY_OF: Final = {"ko": "KR", "en": "US"}  # whose lines a language most likely reaches where no country is known
MOST_LINES: Final = 4  # more of them are not read in distress

Need = Literal[
    "self_harm", "violence", "harm_others", "other", "minor", "eating", "work", "school", "army", "pictures", "labour",
    "migrant",
]  # fmt: skip


class Line(Bilingual, frozen=True, kw_only=True):
    """One line as it is shown, with hours and languages; `text` if it can be reached without speaking.

    `name` is who answers, at the `number` to call, at the one to `write` to with the words `says`, or at a `site`.
    """

    needs: Annotated[tuple[Need, ...], Meta(min_length=1)] = field(name="for")
    name: Bilingual
    number: str = ""
    write: str = ""
    says: str = ""
    site: str = ""
    text: bool = False
    source: str
    checked: date


class EmergencyNumber(Bilingual, frozen=True, kw_only=True):
    """A number for a danger of this minute, and who answers there: of the police, of an ambulance, or of both."""

    number: str
    of: Literal["police", "ambulance"] | None = None


class Country(Datum, frozen=True, kw_only=True):
    """The lines of a country, or of all `members`; police and ambulance where each has a number of its own."""

    emergency: Bilingual
    numbers: tuple[EmergencyNumber, ...]
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
        return list(dict.fromkeys(line.in_(language) for line in self._fitting(needs, language, country, text=text)))[
            :MOST_LINES
        ]

    def contacts(self, needs: tuple[Need, ...], language: str, country: str | None = None) -> list[Contact]:
        """The ways to reach those lines: calls, messages and sites."""
        lines = dict.fromkeys(self._fitting(needs, language, country, text=False))
        return [way for line in [*lines][:MOST_LINES] for way in _ways(line, language)]

    def emergency_contacts(self, language: str, country: str | None = None, *, police_first: bool = False) -> list[Contact]:
        """The numbers for a danger of this minute, the ambulance first unless the police are."""
        found = self._near(language, country).numbers
        first = sorted(found, key=lambda one: one.of == ("ambulance" if police_first else "police"))
        return [Contact(one.in_(language), "call", one.number) for one in first]

    def every_contact(self, language: str, country: str | None = None) -> list[Contact]:
        """All ways of the listener's country and of the emergency."""
        own = [way for line in self._of(language, country).lines for way in _ways(line, language)]
        return [*own, *self.emergency_contacts(language, country)]

    def _fitting(self, needs: tuple[Need, ...], language: str, country: str | None, *, text: bool) -> list[Line]:
        own = self._of(language, country)
        found = [line for need in needs for line in own.lines if need in line.needs and (line.text or not text)]
        if not found or (country is None and language != "ko"):
            found += [line for line in self._anywhere.lines if line.text or not text]
        return found

    def _near(self, language: str, country: str | None) -> Country:
        return self._of(language, country) if country or language == "ko" else self._anywhere

    def _of(self, language: str, country: str | None) -> Country:
        return self._countries.get((country or COUNTRY_OF.get(language, ANYWHERE)).upper(), self._anywhere)


def _ways(line: Line, language: str) -> list[Contact]:
    name = line.name.in_(language)
    ways = [
        Contact(name, "call", line.number) if line.number else None,
        Contact(name, "text", line.write, line.says) if line.write else None,
        Contact(name, "site", line.site) if line.site else None,
    ]
    return [way for way in ways if way]
