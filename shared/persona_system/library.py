"""The parts of the library that the adapters share, each made once."""

from functools import cache
from typing import Final

from pydantic import Field

from ion_mentoring.catalogue.bilingual import Bilingual, Frozen
from ion_mentoring.mentoring.answering.routing import Routing
from ion_mentoring.mentoring.recommending.persona import RecommendPersona
from ion_mentoring.models.playbook.model import PlaybookModel
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.personas.routing import RoutingTable
from ion_mentoring.resources import paths, read_model
from ion_mentoring.understanding.resonance.detector import Detector
from ion_mentoring.understanding.turns.reader import TurnReader

TEXTS: Final = "persona_system/texts.toml"


class Texts(Frozen):
    """The texts of the old package; `frame` and `light` have the fields of a template, `guides` are by persona id."""

    system: str
    frame: str
    light: str
    no_context: str
    no_history: str
    no_summary: str
    guide: str
    guides: dict[str, str] = Field(default_factory=dict)
    migrating: Bilingual
    deprecated: Bilingual


@cache
def texts() -> Texts:
    """The texts; CardInvalid names what is wrong with them."""
    return read_model(Texts, paths(TEXTS)[0])


@cache
def routing() -> Routing:
    """The roster with its routes."""
    roster = load_roster()
    return Routing(roster, RoutingTable(roster), Detector.load(), PlaybookModel(), TurnReader.load())


@cache
def recommending() -> RecommendPersona:
    """The recommendation of a persona for a scenario."""
    parts = routing()
    return RecommendPersona(parts.roster, parts.table, parts.detector, PlaybookModel())


def cards() -> dict[str, Card]:
    """The cards by the names that old programs use, in listed order."""
    return {card.name.en: card for card in routing().roster.values()}


def card_named(name: object) -> Card:
    """The card of a name, which has to be written as it is; ValueError for an unknown one."""
    known = cards()
    if not isinstance(name, str) or name not in known:
        raise ValueError(f"unknown persona {name!r}; there are {', '.join(known)}")
    return known[name]
