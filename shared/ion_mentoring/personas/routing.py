"""The routing table from keys to personas: all results are constants, computed once and then looked up.

score = 0.5 tone + 0.3 pace + 0.2 intent, from the cards' own columns; primary is the highest score, secondary the next,
and ties go to the persona listed first. confidence = 0.3 (primary - secondary) + 0.7 primary. Sums are exact decimals,
so that a tie is a tie.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from ion_mentoring.errors import CardInvalid
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.roster import Roster
from ion_mentoring.understanding.resonance.key import ALL_KEYS, ResonanceKey

TONE_WEIGHT: Final = Decimal("0.5")
PACE_WEIGHT: Final = Decimal("0.3")
INTENT_WEIGHT: Final = Decimal("0.2")
LEAD_WEIGHT: Final = Decimal("0.3")
OWN_WEIGHT: Final = Decimal("0.7")


@dataclass(frozen=True, slots=True)
class Contribution:
    """The contributions that tone, pace and intent add to one persona's score; the three add up to it."""

    tone: float
    pace: float
    intent: float


@dataclass(frozen=True, slots=True)
class Route:
    """One result of the table; `scores`, `contributions` and `names` are by persona id, in listed order."""

    primary: str
    secondary: str | None
    confidence: float
    scores: Mapping[str, float]
    contributions: Mapping[str, Contribution]
    names: Mapping[str, str]

    @property
    def ranked(self) -> tuple[str, ...]:
        """Every persona, best first: the order in which they are asked when one cannot answer."""
        return tuple(sorted(self.scores, key=lambda persona: -self.scores[persona]))


class RoutingTable:
    """The 216 routes of a roster."""

    def __init__(self, roster: Roster) -> None:
        if not roster:
            raise CardInvalid("the roster is empty: there is nobody to route to")
        self._routes = {key: _route(roster, key) for key in ALL_KEYS}

    def route(self, key: ResonanceKey) -> Route:
        """The route of a key."""
        return self._routes[key]


def _route(roster: Roster, key: ResonanceKey) -> Route:
    parts = {persona: _parts(card, key) for persona, card in roster.items()}
    totals = {persona: min(max(sum(own, Decimal(0)), Decimal(0)), Decimal(1)) for persona, own in parts.items()}
    first, *others = sorted(totals, key=lambda persona: -totals[persona])  # stable: ties keep the listed order
    confidence = lead_and_own(totals[first], totals[others[0]] if others else Decimal(0))
    return Route(
        primary=first,
        secondary=others[0] if others else None,
        confidence=float(min(max(confidence, Decimal(0)), Decimal(1))),
        scores=MappingProxyType({persona: float(total) for persona, total in totals.items()}),
        contributions=MappingProxyType({persona: Contribution(*map(float, own)) for persona, own in parts.items()}),
        names=MappingProxyType({persona: card.name.en for persona, card in roster.items()}),
    )


def lead_and_own(own: Decimal, best_other: Decimal) -> Decimal:
    """The confidence that a score and its lead over the best other one give, not clamped."""
    return LEAD_WEIGHT * (own - best_other) + OWN_WEIGHT * own


def _parts(card: Card, key: ResonanceKey) -> tuple[Decimal, Decimal, Decimal]:
    affinity = card.affinity
    return (
        TONE_WEIGHT * Decimal(str(affinity.tone[key.tone])),
        PACE_WEIGHT * Decimal(str(affinity.pace[key.pace])),
        INTENT_WEIGHT * Decimal(str(affinity.intent[key.intent])),
    )
