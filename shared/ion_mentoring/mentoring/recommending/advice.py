"""The recommendation for one person: which persona is likely to help, and which steps come next, with reasons that add up."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import astuple

from ion_mentoring.catalogue.texts import localized
from ion_mentoring.mentoring.answering.values import Learner
from ion_mentoring.mentoring.recommending.known_tastes import KnownTastes, personal
from ion_mentoring.mentoring.recommending.next_steps import NextStep, Situations, next_steps
from ion_mentoring.mentoring.recommending.tallies import teaching
from ion_mentoring.personas.card import Card
from ion_mentoring.personas.roster import Roster
from ion_mentoring.personas.routing import DIGITS, Route, RoutingTable
from ion_mentoring.personas.taste import NONE, Taste, propensity
from ion_mentoring.records.feedback.protocol import Ratings
from ion_mentoring.records.profiles.protocol import Choices, Population, Profile, Profiles
from ion_mentoring.understanding.resonance.detector import Distribution
from ion_mentoring.understanding.resonance.key import Tone


class Because(Struct, frozen=True):
    """One reason: its kind, its words, and what it adds to the score."""

    kind: str
    words: str
    weight: float


class FittingPersona(Struct, frozen=True):
    """A persona with its score, of which the reasons are the parts; `share` is the exact probability of being chosen."""

    persona: Card
    score: float
    share: float
    because: tuple[Because, ...]


class Advice(Struct, frozen=True):
    """The recommendation: `ratings` of the person and of everybody behind it, and the person's choices."""

    tone: Tone | None
    personas: tuple[FittingPersona, ...]
    steps: tuple[NextStep, ...]
    ratings: int
    population: Population
    explores: bool
    choices: Choices


class AdvisePerson(Struct, frozen=True):
    """The use case; its collaborators are the fields."""

    roster: Roster
    table: RoutingTable
    ratings: Ratings
    profiles: Profiles
    tastes: KnownTastes
    situations: Situations
    exploration: Callable[[str], float]
    now: Callable[[], datetime]

    async def __call__(self, owner: str, tone: Tone | None, language: str, tenant: str) -> Advice:
        """The recommendation for an owner in a tenant, at a tone or else at the one that they rated most answers in."""
        profile = await self.profiles.get(owner) or Profile()
        population = await self.tastes.population()
        known = personal(profile, population)
        tone = tone or (_usual(profile) if known.taste else None)
        given = teaching(await self.ratings.of(owner), profile.choices.learnt_from) if known.explores else ()
        steps = next_steps(given, self.situations, language, self.now())
        exploration = self.exploration(tenant) if known.explores else 0.0
        personas = self._personas(tone, known.taste, language, exploration=exploration)
        return Advice(tone, personas, steps, profile.ratings, population, exploration > 0, profile.choices)

    async def choose(self, owner: str, learner: Learner | None, choices: Choices) -> None:
        """Keeps what a person chose; where they want nothing to be learnt, what was learnt is gone."""
        await self.profiles.choose(owner, choices)
        if learner:
            self.tastes.forget(learner.mark)

    async def forget(self, owner: str, learner: Learner | None) -> None:
        """Forgets what was concluded from ratings up to now: it may have been wrong."""
        profile = await self.profiles.get(owner) or Profile()
        now = self.now()
        await self.profiles.choose(owner, Choices(profile.choices.personalise, profile.choices.experiments, now))
        await self.profiles.learn(owner, {}, 0, now)
        if learner:
            self.tastes.forget(learner.mark)

    def _personas(
        self, tone: Tone | None, taste: Taste | None, language: str, *, exploration: float
    ) -> tuple[FittingPersona, ...]:
        route = self.table.expected(Distribution({tone: 1.0} if tone else {}, {}, {}))
        if taste and tone:
            route = self.table.leant(route, taste.leaning(tone, self.roster))
        return tuple(
            FittingPersona(
                self.roster[persona],
                route.scores[persona],
                _share(route, persona, exploration),
                self._because(route, persona, tone, taste, language),
            )
            for persona in route.ranked
        )

    def _because(
        self, route: Route, persona: str, tone: Tone | None, taste: Taste | None, language: str
    ) -> tuple[Because, ...]:
        own, name = route.contributions[persona], self.roster[persona].name.in_(language)
        named = {"persona": name, "tone": tone.value if tone else ""}
        at_tone = localized("advice.tone" if tone else "advice.any_tone", language, **named)
        usual = round(sum(astuple(own)) - own.tone - own.affinity, DIGITS)
        reasons = [
            Because("tone", at_tone, own.tone),
            Because("usual", localized("advice.usual", language, **named), usual),
        ]
        if own.affinity and taste and tone:
            tally = taste.profile.tallies.get((tone, persona), NONE)
            text = "advice.own" if tally.weight else "advice.everybody"
            figures = {
                "ups": f"{tally.ups:.1f}",
                "weight": f"{tally.weight:.1f}",
                "everybody": f"{taste.population.value(tone, persona):.0%}",
                "value": f"{taste.value(tone, persona):.0%}",
            }
            reasons.append(Because("affinity", localized(text, language, **named, **figures), own.affinity))
        return tuple(reasons)


def _usual(profile: Profile) -> Tone | None:
    """The tone that most of a person's ratings are about."""
    weights: dict[str, float] = {}
    for (tone, _), tally in profile.tallies.items():
        weights[tone] = weights.get(tone, 0.0) + tally.weight
    best = max(sorted(weights), key=lambda tone: weights[tone], default=None)
    return Tone(best) if best in set(Tone) else None


def _share(route: Route, persona: str, exploration: float) -> float:
    near, best = route.near, persona == route.primary
    if not exploration or len(near) == 1:
        return float(best)
    return round(propensity(exploration, len(near), best=best), DIGITS) if persona in near else 0.0
