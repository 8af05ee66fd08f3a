"""Signs of danger in a text, seen before any model is asked, and the answer that says where to turn.

When in doubt it is a sign: an answer too careful costs little. Idioms that only sound like one are taken out first.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field

from ion_mentoring.catalogue.bilingual import Bilingual, Frozen
from ion_mentoring.resources import paths, read_model
from ion_mentoring.safety.views import views_of

CRISIS: Final = "ion_mentoring/safety/crisis.toml"
KINDS: Final[tuple["Kind", ...]] = ("self_harm", "abuse")
COUNTRY_OF: Final = {"ko": "KR"}  # whom a language most likely reaches where no country is known
GAP: Final = " | "  # what is left of an idiom: nothing may be read across it

Kind = Literal["self_harm", "abuse"]
Lines = Annotated[tuple[str, ...], Field(min_length=1)]


class Signs(Frozen):
    """Regular expressions over one view of a text, by kind."""

    idioms: Lines
    self_harm: Lines
    abuse: Lines


class Help(Frozen):
    """Where to turn in one country; `countries` has the others of which the same holds."""

    self_harm: Lines
    abuse: Lines
    countries: tuple[str, ...] = ()


class Book(Frozen):
    """The data file."""

    ko: Signs
    ko_words: Signs
    en: Signs
    answer: dict[Kind, Bilingual]
    help: dict[str, Help]


@dataclass(frozen=True, slots=True)
class CrisisSign:
    """A sign that was seen; never the words that gave it."""

    kind: Kind


class Crisis:
    """Checks texts of any language for the signs of all: people write in more than one."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._help = {country: help for code, help in book.help.items() for country in (code, *help.countries)}
        self._compiled: dict[tuple[str, str], re.Pattern[str]] = {}

    @staticmethod
    def load() -> "Crisis":
        """The check with the product's data."""
        return Crisis(read_model(Book, paths(CRISIS)[0]))

    def check(self, text: str) -> CrisisSign | None:
        """The gravest sign in a text, None if there is none."""
        readings = tuple(views_of(text))
        for kind in KINDS:
            if any(self._tells(kind, view, reading) for view, reading in readings):
                return CrisisSign(kind)
        return None

    def answer(self, sign: CrisisSign, language: str, country: str | None = None) -> str:
        """What is said to a sign: care first, one question, then where to turn in the country (ISO 3166-1, any case).

        Where the country is not known it is guessed from the language; whoever does not write in Korean may be anywhere, and is
        told the international lines as well.
        """
        places = "\n".join(f"- {place}" for place in self._places(sign.kind, language, country))
        return self._book.answer[sign.kind].in_(language).format(help=places)

    def _tells(self, kind: Kind, view: str, reading: str) -> bool:
        signs = self._pattern(view, kind)
        if signs.search(reading) is None:
            return False
        return signs.search(self._pattern(view, "idioms").sub(GAP, reading)) is not None

    def _pattern(self, view: str, name: str) -> re.Pattern[str]:
        """Compiled at first need: cold start is a budget, and most texts need a third of all patterns."""
        if (view, name) not in self._compiled:
            patterns = getattr(getattr(self._book, view), name)
            self._compiled[view, name] = re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
        return self._compiled[view, name]

    def _places(self, kind: Kind, language: str, country: str | None) -> list[str]:
        anywhere = self._help["any"]
        own = self._help.get((country or COUNTRY_OF.get(language, "US")).upper(), anywhere)
        places = getattr(own, kind) + (() if language == "ko" else getattr(anywhere, kind))
        return list(dict.fromkeys(places))
