"""Ratings under keyed names: a copy of the store does not tell whose they are."""

from msgspec import Struct

from ion_mentoring.records.conversations.protocol import digest_of
from ion_mentoring.records.conversations.sealed import holder_name
from ion_mentoring.records.feedback.protocol import Listed, Rating, Ratings
from ion_mentoring.records.paging import Page
from ion_mentoring.records.user_keys.keyring import Keyring


class KeyedRatings(Struct, frozen=True):
    """The same ratings, with an owner's keyed name in the place of the owner."""

    kept: Ratings
    keyring: Keyring

    async def put(self, owner: str, rating: Rating) -> None:
        """Keeps a rating."""
        await self.kept.put(await self._holder(owner), rating)

    async def get(self, owner: str, request_id: str) -> Rating | None:
        """The rating of a request."""
        return await self.kept.get(await self._holder(owner), request_id)

    async def of(self, owner: str) -> tuple[Rating, ...]:
        """The newest ratings of an owner."""
        return await self.kept.of(await self._holder(owner))

    async def own(self, owner: str, after: str) -> Page[Rating]:
        """All ratings of an owner."""
        return await self.kept.own(await self._holder(owner), after)

    async def take_back(self, owner: str, request_id: str) -> bool:
        """Forgets a rating."""
        return await self.kept.take_back(await self._holder(owner), request_id)

    async def erase(self, owner: str) -> None:
        """Forgets all ratings of an owner."""
        await self.kept.erase(await self._holder(owner))

    async def erase_holder(self, holder: str) -> int:
        """Forgets all ratings of a holder; how many there were, as far as they are counted."""
        found = len(await self.kept.of(holder))
        await self.kept.erase(holder)
        return found

    async def page(self, after: str, limit: int) -> tuple[Listed, ...]:
        """The ratings of everybody."""
        return await self.kept.page(after, limit)

    async def _holder(self, owner: str) -> str:
        return holder_name(await self.keyring.names(), digest_of(owner))
