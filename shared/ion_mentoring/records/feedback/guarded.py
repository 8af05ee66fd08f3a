"""Ratings behind a breaker: whoever gives one waits, and is told at once where it could not be kept."""

from typing import Final

from msgspec import Struct

from ion_mentoring.backends.guard import Guards
from ion_mentoring.records.feedback.protocol import Listed, Rating, Ratings
from ion_mentoring.records.paging import Page

WITHIN_S: Final = 2.0
LISTED_WITHIN_S: Final = 5.0  # a page of many


class GuardedRatings(Struct, frozen=True):
    """The same ratings; StoreUnavailable in time."""

    kept: Ratings
    guards: Guards

    async def put(self, owner: str, rating: Rating) -> None:
        """Keeps a rating."""
        await self.guards.writing(lambda: self.kept.put(owner, rating), WITHIN_S)

    async def get(self, owner: str, request_id: str) -> Rating | None:
        """The rating of a request."""
        return await self.guards.reading(lambda: self.kept.get(owner, request_id), WITHIN_S)

    async def of(self, owner: str) -> tuple[Rating, ...]:
        """The newest ratings of an owner."""
        return await self.guards.reading(lambda: self.kept.of(owner), WITHIN_S)

    async def own(self, owner: str, after: str) -> Page[Rating]:
        """All ratings of an owner."""
        return await self.guards.reading(lambda: self.kept.own(owner, after), LISTED_WITHIN_S)

    async def take_back(self, owner: str, request_id: str) -> bool:
        """Forgets a rating."""
        return await self.guards.writing(lambda: self.kept.take_back(owner, request_id), WITHIN_S)

    async def erase(self, owner: str) -> None:
        """Forgets all ratings of an owner."""
        await self.guards.writing(lambda: self.kept.erase(owner), LISTED_WITHIN_S)

    async def page(self, after: str, limit: int) -> tuple[Listed, ...]:
        """A page of the list of all."""
        return await self.guards.reading(lambda: self.kept.page(after, limit), LISTED_WITHIN_S)
