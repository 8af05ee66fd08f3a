"""A person's taste: how much which persona helped at which tone, between what is known of them and of everybody."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from msgspec import Struct, field

from ion_mentoring.records.profiles.protocol import Population, Profile, Tally

SHARE: Final = 0.5  # of a score, for a taste that is known well: the other half is left to how and what somebody asks
NEAR: Final = 0.1  # of the best score: who is that near may be tried
NONE: Final = Tally(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Leaning:
    """The numbers of a taste that a decision used: the share of the score, and the affinity of each persona."""

    share: float
    values: dict[str, float]


class Taste(Struct, frozen=True):
    """The decayed tallies of one person before the background of the population; without any, everybody's taste.

    A cell is a tone and a persona. What is known of a person at other tones moves the expectation of a cell, and the cell's own
    ratings move it further, each as far as it outweighs the population's `prior`.
    """

    profile: Profile = field(default_factory=Profile)
    population: Population = field(default_factory=Population)

    def value(self, tone: str, persona: str) -> float:
        """The affinity in [0, 1]: how often a persona may be expected to help this person at a tone."""
        prior, own = self.population.prior, self.profile.tallies.get((tone, persona), NONE)
        expected = min(1.0, max(0.0, self.population.value(tone, persona) + self._liking(persona)))
        return (prior * expected + own.ups) / (prior + own.weight)

    def _liking(self, persona: str) -> float:
        """How much more often than others this person finds a persona helpful, over all tones."""
        others, weights = 0.0, 0.0
        for (tone, one), tally in self.profile.tallies.items():
            if one == persona:
                others += tally.ups - tally.weight * self.population.value(tone, persona)
                weights += tally.weight
        return others / (self.population.prior + weights)

    def leaning(self, tone: str, personas: Iterable[str]) -> Leaning | None:
        """The numbers at a tone; None where nothing is known."""
        share = round(self.share(tone), 4)
        return Leaning(share, {persona: round(self.value(tone, persona), 4) for persona in personas}) if share else None

    @property
    def own(self) -> bool:
        """True where something is known of the person, and not of everybody alone."""
        return bool(self.profile.tallies)

    def share(self, tone: str) -> float:
        """The share of a routing score that the taste has: all of `SHARE` where enough people rated answers at a tone, else as
        much as the person's own ratings outweigh the prior; none where neither says anything."""
        if tone in self.population.tones:
            return SHARE
        known = sum(tally.weight for tally in self.profile.tallies.values())
        return SHARE * known / (known + self.population.prior)


def propensity(exploration: float, near: int, *, best: bool) -> float:
    """The exact probability of a choice among so many who are near: exploring favours nobody, and the best has the rest."""
    each = exploration / near
    return 1 - exploration + each if best else each
