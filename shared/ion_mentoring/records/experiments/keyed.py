"""Exposures under keyed names: a copy of the store does not tell whose they are."""

from msgspec import Struct

from ion_mentoring.records.conversations.protocol import digest_of
from ion_mentoring.records.conversations.sealed import holder_name
from ion_mentoring.records.experiments.protocol import Exposed, Exposures
from ion_mentoring.records.paging import Page
from ion_mentoring.records.user_keys.keyring import Keyring


class KeyedExposures(Struct, frozen=True):
    """The same exposures, with an owner's keyed name in the place of the owner."""

    kept: Exposures
    keyring: Keyring

    async def see(self, owner: str, exposed: Exposed) -> bool:
        """Keeps an exposure."""
        return await self.kept.see(await self._holder(owner), exposed)

    async def own(self, owner: str, after: str) -> Page[Exposed]:
        """All exposures of an owner."""
        return await self.kept.own(await self._holder(owner), after)

    async def erase(self, owner: str) -> int:
        """Forgets the exposures of an owner."""
        return await self.kept.erase(await self._holder(owner))

    async def erase_holder(self, holder: str) -> int:
        """Forgets the exposures of a holder; how many there were."""
        return await self.kept.erase(holder)

    async def _holder(self, owner: str) -> str:
        return holder_name(await self.keyring.names(), digest_of(owner))
