"""The reading of the side that a person stands on, for situations whose words are for one side."""

import re
from functools import cache
from typing import Final

from ion_mentoring.catalogue.bilingual import Bilingual, Datum
from ion_mentoring.resources import paths, read_data

SIDES: Final = "ion_mentoring/models/playbook/sides/sides.toml"
READ: Final = 600  # characters of a text in which signs are looked for


class _Side(Datum, frozen=True, kw_only=True):
    """One situation, the signs of the other side, and the situation for that."""

    id: str
    other: str
    signs: Bilingual
    unless: Bilingual | None = None


class _Sides(Datum, frozen=True, kw_only=True):
    """The data file."""

    side: tuple[_Side, ...]


@cache
def _sides() -> tuple[_Side, ...]:
    return read_data(_Sides, paths(SIDES)[0]).side


def other_side(situation: str, text: str, language: str) -> str | None:
    """The situation of the other side that a text shows, empty where no card is for it; None where nothing shows it."""
    low = text[:READ].lower()
    own = (side for side in _sides() if side.id == situation and re.search(side.signs.in_(language), low))
    return next((one.other for one in own if one.unless is None or not re.search(one.unless.in_(language), low)), None)
