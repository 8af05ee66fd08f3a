"""The reading of what is no mentor's matter: a dose, the weather, a joke, a poem, a recipe, a fact, the wish to be heard."""

import re
from functools import cache
from typing import Final

from ion_mentoring.catalogue.bilingual import Bilingual, Datum
from ion_mentoring.resources import paths, read_data

ASIDES: Final = "ion_mentoring/models/playbook/asides/asides.toml"


class _Says(Datum, frozen=True, kw_only=True):
    """Texts in both languages, in the order in which they are said."""

    ko: tuple[str, ...]
    en: tuple[str, ...]


class _Aside(Datum, frozen=True, kw_only=True):
    """One kind of question, and the answers to it."""

    name: str
    most: int
    asks: Bilingual
    says: _Says


class _Asides(Datum, frozen=True, kw_only=True):
    """The data file."""

    greets: Bilingual
    aside: tuple[_Aside, ...]


@cache
def _book() -> _Asides:
    return read_data(_Asides, paths(ASIDES)[0])


@cache
def _asides(language: str) -> tuple[tuple[int, re.Pattern[str], tuple[str, ...]], ...]:
    """The number of words, the pattern and the texts of each kind."""
    known = _book().aside
    return tuple(
        (one.most, re.compile(one.asks.in_(language)), one.says.ko if language == "ko" else one.says.en) for one in known
    )


def aside_to(text: str, language: str) -> tuple[str, ...]:
    """The answers to what is no mentor's matter, in Korean or English; none where a text asks for nothing of the kind."""
    words, low = len(text.split()), text.lower()
    return next((says for most, asks, says in _asides(language) if words <= most and asks.search(low)), ())


def greets(text: str, language: str) -> bool:
    """True for a text that says hello."""
    return re.search(_book().greets.in_(language), text.lower()) is not None
