"""Profiles behind a breaker: an answer waits for one a moment at most, and goes on without it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct

from ion_mentoring.backends.guard import Guards
from ion_mentoring.records.profiles.consent import Consent
from ion_mentoring.records.profiles.protocol import Cell, Choices, Population, Profile, Profiles, Tally

READ_WITHIN_S: Final = 1.0
WITHIN_S: Final = 2.0


class GuardedProfiles(Struct, frozen=True):
    """The same profiles; StoreUnavailable in time."""

    kept: Profiles
    guards: Guards

    async def get(self, owner: str) -> Profile | None:
        """The profile of an owner."""
        return await self.guards.reading(lambda: self.kept.get(owner), READ_WITHIN_S)

    async def learn(self, owner: str, tallies: Mapping[Cell, Tally], ratings: int, at: datetime) -> None:
        """Keeps what was learnt."""
        await self.guards.writing(lambda: self.kept.learn(owner, tallies, ratings, at), WITHIN_S)

    async def choose(self, owner: str, choices: Choices) -> None:
        """Keeps choices."""
        await self.guards.writing(lambda: self.kept.choose(owner, choices), WITHIN_S)

    async def agree(self, owner: str, consent: Consent) -> None:
        """Keeps a consent."""
        await self.guards.writing(lambda: self.kept.agree(owner, consent), WITHIN_S)

    async def erase(self, owner: str) -> None:
        """Forgets the profile of an owner."""
        await self.guards.writing(lambda: self.kept.erase(owner), WITHIN_S)

    async def population(self) -> Population | None:
        """The population as it was counted last."""
        return await self.guards.reading(self.kept.population, READ_WITHIN_S)

    async def count(self, population: Population) -> None:
        """Keeps a count."""
        await self.guards.writing(lambda: self.kept.count(population), WITHIN_S)
