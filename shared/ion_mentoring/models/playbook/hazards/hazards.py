"""The dangers at work, as situations that are told by signs and go before every other matter."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Final

from msgspec import Meta

from ion_mentoring.catalogue.bilingual import Bilingual, Datum
from ion_mentoring.models.playbook.ranking import Title
from ion_mentoring.models.playbook.situation import Situation
from ion_mentoring.resources import paths, read_data

HAZARDS: Final = "ion_mentoring/models/playbook/hazards/at_work.toml"
TOPIC: Final = "hazards"
READ: Final = 600  # characters of a text in which signs are looked for


class Hazard(Situation, frozen=True, kw_only=True):
    """A situation of danger with its signs, patterns over a text in lower case."""

    signs: Bilingual


class _Hazards(Datum, frozen=True, kw_only=True):
    """The data file."""

    hazard: Annotated[tuple[Hazard, ...], Meta(min_length=1)]


@cache
def load_hazards() -> Mapping[str, Hazard]:
    """The dangers by id."""
    return {one.id: one for one in read_data(_Hazards, paths(HAZARDS)[0]).hazard}


@cache
def _signs(language: str) -> tuple[tuple[Title, re.Pattern[str]], ...]:
    hazards = load_hazards().values()
    return tuple((Title(one.id, TOPIC, one.in_(language).title), re.compile(one.signs.in_(language))) for one in hazards)


def hazard_in(text: str, language: str) -> Title | None:
    """The danger at work that a text in Korean or English tells of; None where it tells of none."""
    low = text[:READ].lower()
    return next((title for title, signs in _signs(language) if signs.search(low)), None)
