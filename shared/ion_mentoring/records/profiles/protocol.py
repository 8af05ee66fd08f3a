"""The protocol of a store of profiles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol

from ion_mentoring.records.profiles.consent import NOTHING_SAID, Consent

RETENTION: Final = timedelta(days=365)  # from the last rating on
CHOICES_RETENTION: Final = timedelta(days=3_650)  # of a choice or a consent, which must not end by itself
POPULATION_RETENTION: Final = timedelta(days=30)
HALF_LIFE: Final = timedelta(days=60)  # after which a rating counts half

Cell = tuple[str, str]  # tone and persona


class Tally(NamedTuple):
    """The sum of what spoke for a persona at a tone, and of all that spoke at all."""

    ups: float
    weight: float


@dataclass(frozen=True, slots=True)
class Choices:
    """A person's choices about being learnt of; ratings before `learnt_from` teach nothing any more."""

    personalise: bool = True
    experiments: bool = True
    learnt_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What was learnt of a person up to `at`, from so many ratings, their choices and their consent. It does not grow with
    them."""

    tallies: Mapping[Cell, Tally] = field(default_factory=dict)
    ratings: int = 0
    at: datetime | None = None
    choices: Choices = Choices()
    consent: Consent = NOTHING_SAID

    def at_time(self, now: datetime) -> "Profile":
        """The profile by then: what was learnt ends by itself, also where a choice goes on."""
        return self if self.at is None or self.at + RETENTION > now else Profile(choices=self.choices, consent=self.consent)


@dataclass(frozen=True, slots=True)
class Population:
    """The mean by cell, of cells with enough people only; the mean by persona and of all are what other cells fall back on.

    `prior` is how many ratings of a person the population's value outweighs.
    """

    cells: Mapping[Cell, float] = field(default_factory=dict)
    personas: Mapping[str, float] = field(default_factory=dict)
    mean: float = 0.5
    prior: float = 8.0
    ratings: int = 0
    people: int = 0
    counted_at: datetime | None = None

    @property
    def tones(self) -> frozenset[str]:
        """The tones at which enough people rated the answers of at least two personas."""
        seen = [tone for tone, _ in self.cells]
        return frozenset(tone for tone in seen if seen.count(tone) > 1)

    def holds(self, now: datetime) -> bool:
        """True until its time is over."""
        return self.counted_at is None or self.counted_at + POPULATION_RETENTION > now

    def value(self, tone: str, persona: str) -> float:
        """The share of those who found a persona helpful at a tone."""
        return self.cells.get((tone, persona), self.personas.get(persona, self.mean))


class Profiles(Protocol):
    """Keeps one profile a person. Every method raises StoreUnavailable if the store does not answer."""

    async def get(self, owner: str) -> Profile | None:
        """The profile of an owner."""

    async def learn(self, owner: str, tallies: Mapping[Cell, Tally], ratings: int, at: datetime) -> None:
        """Keeps what was learnt, in place of what was before; the choices stay."""

    async def choose(self, owner: str, choices: Choices) -> None:
        """Keeps choices; what was learnt stays where they allow it, else it goes with the same writing."""

    async def agree(self, owner: str, consent: Consent) -> None:
        """Keeps a consent; what was learnt and chosen stays as it is."""

    async def erase(self, owner: str) -> None:
        """Forgets the profile of an owner, with the choices and the consent in it."""

    async def population(self) -> Population | None:
        """The population as it was counted last."""

    async def count(self, population: Population) -> None:
        """Keeps a count of the population, in place of the one before."""
