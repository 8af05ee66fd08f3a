"""Profiles under keyed names: a copy of the store does not tell whose they are."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from ion_mentoring.records.conversations.protocol import digest_of
from ion_mentoring.records.conversations.sealed import holder_name
from ion_mentoring.records.profiles.consent import Consent
from ion_mentoring.records.profiles.protocol import Cell, Choices, Population, Profile, Profiles, Tally
from ion_mentoring.records.user_keys.keyring import Keyring


class KeyedProfiles(Struct, frozen=True):
    """The same profiles, with an owner's keyed name in the place of the owner."""

    kept: Profiles
    keyring: Keyring

    async def get(self, owner: str) -> Profile | None:
        """The profile of an owner; an answer asks for it, and opens no key where there are no profiles yet."""
        names = await self.keyring.names_so_far()
        return await self.kept.get(holder_name(names, digest_of(owner))) if names else None

    async def learn(self, owner: str, tallies: Mapping[Cell, Tally], ratings: int, at: datetime) -> None:
        """Keeps what was learnt."""
        await self.kept.learn(await self._holder(owner), tallies, ratings, at)

    async def choose(self, owner: str, choices: Choices) -> None:
        """Keeps choices."""
        await self.kept.choose(await self._holder(owner), choices)

    async def agree(self, owner: str, consent: Consent) -> None:
        """Keeps a consent."""
        await self.kept.agree(await self._holder(owner), consent)

    async def erase(self, owner: str) -> None:
        """Forgets the profile of an owner."""
        await self.kept.erase(await self._holder(owner))

    async def erase_holder(self, holder: str) -> int:
        """Forgets the profile of a holder; 1 if there was one."""
        found = await self.kept.get(holder)
        await self.kept.erase(holder)
        return int(found is not None)

    async def population(self) -> Population | None:
        """The population as it was counted last."""
        return await self.kept.population()

    async def count(self, population: Population) -> None:
        """Keeps a count of the population."""
        await self.kept.count(population)

    async def _holder(self, owner: str) -> str:
        return holder_name(await self.keyring.names(), digest_of(owner))
