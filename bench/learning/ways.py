"""Ways of choosing a persona, each with the probabilities of its choice; ours is the product's own routing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from bench.learning.mentees import PERSONAS, TABLE, Question, World
from ion_mentoring.mentoring.recommending.tallies import PRIOR, population, tallies
from ion_mentoring.personas.routing import Route
from ion_mentoring.personas.taste import Taste, propensity
from ion_mentoring.records.feedback.protocol import RatedAnswer, Rating
from ion_mentoring.records.profiles.protocol import Population, Profile

START: Final = datetime(2026, 11, 1, tzinfo=UTC)
COUNTED_EVERY_DAYS: Final = 1.0

Shares = dict[str, float]


class Way(Protocol):
    """A way of choosing that may learn from ratings."""

    name: str

    def shares(self, question: Question) -> Shares:
        """The probability of each persona, those of 0 left out."""

    def learn(self, question: Question, persona: str, up: bool) -> None:
        """Takes note of a rating."""


@dataclass
class Fixed:
    """A way that learns nothing."""

    name: str
    of: Callable[[Question], Shares]

    def shares(self, question: Question) -> Shares:
        """The probabilities."""
        return self.of(question)

    def learn(self, question: Question, persona: str, up: bool) -> None:
        """Learns nothing."""


def by_table() -> Fixed:
    """The routing table alone: what the product does for whom nothing is known of."""
    return Fixed("the table", lambda question: {TABLE.route(question.key).primary: 1.0})


def by_chance() -> Fixed:
    """Anybody."""
    return Fixed("anybody", lambda _question: dict.fromkeys(PERSONAS, 1 / len(PERSONAS)))


def by_oracle(world: World) -> Fixed:
    """The one who helps most, which nobody can know."""

    def of(question: Question) -> Shares:
        return {max(PERSONAS, key=lambda persona: world.helps(question, persona)): 1.0}

    return Fixed("the oracle", of)


@dataclass
class ByLike:
    """A plain recommender: the persona with the highest mean of thumbs at the tone over everybody, once there are ten."""

    name: str = "everybody's favourite"
    sums: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def shares(self, question: Question) -> Shares:
        """The probabilities."""
        tone = question.key.tone
        known = {one: self.sums[tone, one] for one in PERSONAS if self.sums.get((tone, one), [0, 0])[1] >= 10}
        if not known:
            return {TABLE.route(question.key).primary: 1.0}
        return {max(known, key=lambda one: known[one][0] / known[one][1]): 1.0}

    def learn(self, question: Question, persona: str, up: bool) -> None:
        """Counts."""
        sums = self.sums.setdefault((question.key.tone, persona), [0, 0])
        sums[0] += up
        sums[1] += 1


@dataclass
class ByTaste:
    """Our way: the product's sums, shares and routing, the population counted once a day."""

    name: str
    exploration: float
    ratings: dict[int, list[Rating]] = field(default_factory=dict)
    counted: Population = field(default_factory=lambda: Population(prior=PRIOR))
    _day: float = 0.0
    _profiles: dict[int, Profile] = field(default_factory=dict)

    def route(self, question: Question) -> Route:
        """The product's route for a question."""
        self._count(question)
        route, tone = TABLE.route(question.key), question.key.tone
        taste = Taste(self._profiles.get(question.mentee, Profile()), self.counted)
        return TABLE.leant(route, taste.leaning(tone, PERSONAS))

    def shares(self, question: Question) -> Shares:
        """The probabilities, as they are logged."""
        route = self.route(question)
        if not self.exploration or len(route.near) == 1:
            return {route.primary: 1.0}
        near = len(route.near)
        return {one: propensity(self.exploration, near, best=one == route.primary) for one in route.near}

    def learn(self, question: Question, persona: str, up: bool) -> None:
        """Keeps a rating, and makes the profile of its person anew."""
        at = START + timedelta(days=question.day)
        answer = RatedAnswer(at, persona, 1, str(question.key), "en", "simulated")
        mine = self.ratings.setdefault(question.mentee, [])
        mine.append(Rating(str(len(mine)), at, "up" if up else "down", answer=answer))
        self._profiles[question.mentee] = Profile(tallies(mine, at), len(mine), at)

    def _count(self, question: Question) -> None:
        if question.day - self._day >= COUNTED_EVERY_DAYS:
            self._day, at = question.day, START + timedelta(days=question.day)
            people = [tallies(mine, at) for mine in self.ratings.values()]
            self.counted = population(people, sum(map(len, self.ratings.values())), at)
