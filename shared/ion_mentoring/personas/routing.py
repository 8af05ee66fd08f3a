"""The routing from keys to personas: a table of constants for a key that is given, the expected score for one that is read.

score = 0.5 tone + 0.3 pace + 0.2 intent, from the cards' own columns; primary is the highest score, secondary the next,
and ties go to the persona listed first. confidence = 0.3 (primary - secondary) + 0.7 primary. The table's sums are exact
decimals, so that a tie is a tie. A key that is read from a text is a distribution over keys: each part adds what is expected
of it, and the subject, where one was found, takes its share of the score for whoever it belongs to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from ion_mentoring.errors import CardInvalid
from ion_mentoring.models.subject import Subject
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.roster import Roster
from ion_mentoring.personas.taste import NEAR, Leaning
from ion_mentoring.understanding.resonance.detector import Distribution
from ion_mentoring.understanding.resonance.key import Intent, KeyPart, Pace, ResonanceKey, Tone

WEIGHTS: Final[dict[KeyPart, Decimal]] = {"tone": Decimal("0.5"), "pace": Decimal("0.3"), "intent": Decimal("0.2")}
VALUES: Final[dict[KeyPart, tuple[str, ...]]] = {"tone": tuple(Tone), "pace": tuple(Pace), "intent": tuple(Intent)}
LEAD_WEIGHT: Final = Decimal("0.3")
OWN_WEIGHT: Final = Decimal("0.7")
SUBJECT_SHARE: Final = 0.25  # of the score, for a subject that is certain: what is asked votes with how it is asked
TOLD_FROM: Final = 0.5  # the probability from which people are told what a text is about
DIGITS: Final = 4  # of an expected score

Number = TypeVar("Number", float, Decimal)


class Contribution(Struct, frozen=True):
    """The contributions that tone, pace, intent, subject, the person's taste and an experiment add to a persona's score; they
    add up to it."""

    tone: float
    pace: float
    intent: float
    situation: float = 0.0
    affinity: float = 0.0
    experiment: float = 0.0

    @property
    def parts(self) -> tuple[float, ...]:
        """All of them, in their order."""
        return self.tone, self.pace, self.intent, self.situation, self.affinity, self.experiment


class Counterfactual(Struct, frozen=True):
    """The smallest change of a key by which another persona would have been chosen: one part read as one other value."""

    part: KeyPart
    value: str
    persona: str


@dataclass(frozen=True)  # without slots, since what is cached needs a place
class Route:
    """One result; `scores` and `contributions` are by persona id, in listed order.

    `subject` is the title of what the text is about, where that voted; `spoken` the share of the score that is left to the key.
    """

    primary: str
    secondary: str | None
    confidence: float
    scores: Mapping[str, float]
    contributions: Mapping[str, Contribution]
    roster: Roster
    subject: str | None = None
    spoken: float = 1.0

    @property
    def names(self) -> Mapping[str, str]:
        """The English names by persona id."""
        return {persona: card.name.en for persona, card in self.roster.items()}

    @property
    def ranked(self) -> tuple[str, ...]:
        """Every persona, best first: the order in which they are asked when one cannot answer."""
        return tuple(sorted(self.scores, key=lambda persona: -self.scores[persona]))

    @property
    def near(self) -> tuple[str, ...]:
        """The personas whose score is within `NEAR` of the best, in listed order: whom exploring may choose."""
        least = round(self.scores[self.primary] - NEAR, DIGITS)
        return tuple(persona for persona, score in self.scores.items() if score >= least)

    @property
    def tasted(self) -> bool:
        """True where the person's taste has a share in it."""
        return any(own.affinity for own in self.contributions.values())

    @property
    def lifted(self) -> bool:
        """True where an arm of an experiment has a share in it."""
        return any(own.experiment for own in self.contributions.values())

    @property
    def margin(self) -> float | None:
        """The lead of the best over the second, None if there is no second."""
        return round(self.scores[self.primary] - self.scores[self.secondary], DIGITS) if self.secondary else None

    @cached_property
    def counterfactual(self) -> Counterfactual | None:
        """The change of the part that counts least, to the value by which another one would be ahead by least."""
        for part in reversed(WEIGHTS):
            found = [change for value in VALUES[part] if (change := self._changed(part, value))]
            if found:
                return min(found, key=lambda change: change[0])[1]
        return None

    def _changed(self, part: KeyPart, value: str) -> tuple[float, Counterfactual] | None:
        """The persona who would be chosen with that value, if it is another one, and their lead."""
        weight = float(WEIGHTS[part]) * self.spoken
        scores = {
            persona: self.scores[persona] - getattr(own, part) + weight * getattr(self.roster[persona].affinity, part)[value]
            for persona, own in self.contributions.items()
        }
        best = max(scores, key=lambda persona: round(scores[persona], DIGITS))
        if best == self.primary:
            return None
        return scores[best] - scores[self.primary], Counterfactual(part, value, best)


class RoutingTable:
    """The 216 routes of a roster, and what is expected between them."""

    def __init__(self, roster: Roster) -> None:
        if not roster:
            raise CardInvalid("the roster is empty: there is nobody to route to")
        self._roster = roster
        self._routes: dict[ResonanceKey, Route] = {}

    def route(self, key: ResonanceKey) -> Route:
        """The route of a key."""
        if key not in self._routes:
            self._routes[key] = _exact(self._roster, key)
        return self._routes[key]

    def expected(self, distribution: Distribution, subject: Subject | None = None) -> Route:
        """The route of a key that is known by its probabilities; a value that nothing tells counts as any other."""
        share = SUBJECT_SHARE * subject.probability if subject else 0.0
        weighed = [
            (part, (1 - share) * float(weight), _whole(getattr(distribution, part), part)) for part, weight in WEIGHTS.items()
        ]
        parts = {}
        for persona, card in self._roster.items():
            own = {
                part: round(weight * _mean(shares, getattr(card.affinity, part)), DIGITS) for part, weight, shares in weighed
            }
            parts[persona] = Contribution(
                **own, situation=round(share, DIGITS) if subject and subject.topic in card.topics else 0.0
            )
        told = subject.title if subject and subject.probability >= TOLD_FROM else None
        return self._summed(parts, told, 1 - share)

    def leant(self, route: Route, leaning: Leaning | None) -> Route:
        """A route in which a person's taste takes its share of each score; the same where nothing is known of it."""
        return self._shared(route, leaning, "affinity")

    def lifted(self, route: Route, lift: Leaning | None) -> Route:
        """A route in which an arm of an experiment takes its share of each score."""
        return self._shared(route, lift, "experiment")

    def _shared(self, route: Route, leaning: Leaning | None, part: str) -> Route:
        if leaning is None:
            return route
        share = leaning.share
        parts = {}
        for persona, own in route.contributions.items():
            left = Contribution(*(round((1 - share) * value, DIGITS) for value in own.parts))
            parts[persona] = replace(left, **{part: round(share * leaning.values.get(persona, 0.0), DIGITS)})
        return self._summed(parts, route.subject, route.spoken * (1 - share))

    def _summed(self, parts: Mapping[str, Contribution], subject: str | None, spoken: float) -> Route:
        totals = {persona: round(sum(own.parts), DIGITS) for persona, own in parts.items()}
        first, second, lead = _ahead(totals)
        confidence = float(LEAD_WEIGHT) * lead + float(OWN_WEIGHT) * totals[first]
        return Route(first, second, round(confidence, DIGITS), totals, parts, self._roster, subject, spoken)


def _exact(roster: Roster, key: ResonanceKey) -> Route:
    parts = {persona: _parts(card, key) for persona, card in roster.items()}
    totals = {persona: min(max(sum(own, Decimal(0)), Decimal(0)), Decimal(1)) for persona, own in parts.items()}
    first, second, _ = _ahead(totals)
    confidence = lead_and_own(totals[first], totals[second] if second else Decimal(0))
    return Route(
        primary=first,
        secondary=second,
        confidence=float(min(max(confidence, Decimal(0)), Decimal(1))),
        scores=MappingProxyType({persona: float(total) for persona, total in totals.items()}),
        contributions=MappingProxyType({persona: Contribution(*map(float, own)) for persona, own in parts.items()}),
        roster=roster,
    )


def lead_and_own(own: Decimal, best_other: Decimal) -> Decimal:
    """The confidence that a score and its lead over the best other one give, not clamped."""
    return LEAD_WEIGHT * (own - best_other) + OWN_WEIGHT * own


def _ahead(totals: Mapping[str, Number]) -> tuple[str, str | None, Number]:
    """The best, the second and what is between them; ties keep the listed order."""
    first, *others = sorted(totals, key=lambda persona: -totals[persona])
    return first, others[0] if others else None, totals[first] - (totals[others[0]] if others else type(totals[first])(0))


def _whole(shares: Mapping[str, float], part: KeyPart) -> dict[str, float]:
    """The shares of all values of a part; what is missing to 1 is shared by all of them alike."""
    rest = max(0.0, 1.0 - sum(shares.values())) / len(VALUES[part])
    return {value: shares.get(value, 0.0) + rest for value in VALUES[part]}


def _mean(shares: Mapping[str, float], affinities: Mapping[Any, float]) -> float:
    """The mean of the affinities by the shares."""
    return sum(shares[value] * own for value, own in affinities.items())


def _parts(card: Card, key: ResonanceKey) -> list[Decimal]:
    return [weight * Decimal(str(getattr(card.affinity, part)[key.parts[part]])) for part, weight in WEIGHTS.items()]
