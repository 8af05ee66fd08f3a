"""Signs of danger in a text, seen before any model is asked, and the answer that says where to turn.

When in doubt it is a sign: an answer too careful costs little. Idioms that only sound like one are taken out first.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import Field

from ion_mentoring.catalogue.bilingual import Bilingual, Frozen
from ion_mentoring.resources import paths, read_model

CRISIS: Final = "ion_mentoring/safety/crisis.toml"
KINDS: Final[tuple["Kind", ...]] = ("self_harm", "abuse")
COUNTRY_OF: Final = {"ko": "KR"}  # whom a language most likely reaches where no country is known

Kind = Literal["self_harm", "abuse"]
Lines = Annotated[tuple[str, ...], Field(min_length=1)]

_NOT_WORD = re.compile(r"[\W_]+")
_REPEATED = re.compile(r"(.)\1{2,}")


class Signs(Frozen):
    """Regular expressions of one language, by kind."""

    idioms: tuple[str, ...]
    self_harm: Lines
    abuse: Lines


class Help(Frozen):
    """Where to turn in one country."""

    self_harm: Lines
    abuse: Lines


class Book(Frozen):
    """The data file."""

    ko: Signs
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
        self._idioms = {name: _either(getattr(book, name).idioms) for name in ("ko", "en")}
        self._signs = {(name, kind): _either(getattr(getattr(book, name), kind)) for name in ("ko", "en") for kind in KINDS}

    @staticmethod
    def load() -> "Crisis":
        """The check with the product's data."""
        return Crisis(read_model(Book, paths(CRISIS)[0]))

    def check(self, text: str) -> CrisisSign | None:
        """The gravest sign in a text, None if there is none."""
        words = _NOT_WORD.sub(" ", _REPEATED.sub(r"\1\1", _visible(text))).strip()
        flat = {"ko": self._idioms["ko"].sub("", words.replace(" ", "")), "en": self._idioms["en"].sub(" ", words)}
        for kind in KINDS:
            if any(self._signs[name, kind].search(flat[name]) for name in flat):
                return CrisisSign(kind)
        return None

    def answer(self, sign: CrisisSign, language: str, country: str | None = None) -> str:
        """What is said to a sign: care first, one question, then where to turn in the country (guessed from the language)."""
        country = country or COUNTRY_OF.get(language, "US")
        places = [*getattr(self._book.help.get(country, self._book.help["any"]), sign.kind)]
        if language != "ko" and country in self._book.help:
            places += getattr(self._book.help["any"], sign.kind)
        listed = "\n".join(f"- {place}" for place in dict.fromkeys(places))
        return self._book.answer[sign.kind].in_(language).format(help=listed)


def _either(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _visible(text: str) -> str:
    """Folded, and without what cannot be seen: a zero-width space shall not hide a sign."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if folded.isprintable():  # format characters are not: most texts, at a glance
        return folded
    return "".join(char for char in folded if unicodedata.category(char) != "Cf")
