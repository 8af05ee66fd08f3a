"""Conversations behind a breaker, with little time: an answer waits for its memory this long at most, and goes on without."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from ion_mentoring.backends.guard import Guards
from ion_mentoring.records.conversations.protocol import ConversationId
from ion_mentoring.records.conversations.stored import Place, PlainTurn, StoredConversations, StoredSession, StoredTurn
from ion_mentoring.records.paging import Page

WITHIN_S: Final = 1.0
LISTED_WITHIN_S: Final = 3.0
ERASED_WITHIN_S: Final = 6.0  # nobody's answer waits for that, and it goes through many turns


class GuardedConversations(Struct, frozen=True):
    """The same conversations; StoreUnavailable in time."""

    kept: StoredConversations
    guards: Guards

    @property
    def retention(self) -> timedelta:
        """The time for which turns are kept."""
        return self.kept.retention

    def plain(self, conversation: ConversationId) -> Place:
        """The place of a conversation of before there was sealing."""
        return self.kept.plain(conversation)

    async def recent(self, turns: str, limit: int) -> tuple[StoredTurn, ...]:
        """The newest turns."""
        return await self.guards.reading(lambda: self.kept.recent(turns, limit), WITHIN_S)

    async def append(self, place: Place, turns: Sequence[StoredTurn]) -> bool:
        """Adds turns."""
        return await self.guards.writing(lambda: self.kept.append(place, turns), WITHIN_S)

    async def entry(self, turns: str, entry: str) -> tuple[StoredTurn, ...]:
        """The turns of an entry."""
        return await self.guards.reading(lambda: self.kept.entry(turns, entry), WITHIN_S)

    async def sessions(self, owner: str, limit: int, before: datetime | None = None) -> tuple[StoredSession, ...]:
        """The newest lines of an owner's list."""
        return await self.guards.reading(lambda: self.kept.sessions(owner, limit, before), LISTED_WITHIN_S)

    async def lines(self, owner: str, after: str, limit: int) -> Page[StoredSession]:
        """Lines of an owner's list by their names."""
        return await self.guards.reading(lambda: self.kept.lines(owner, after, limit), LISTED_WITHIN_S)

    async def said(self, turns: str, after: str, limit: int) -> Page[StoredTurn]:
        """Turns as they were said."""
        return await self.guards.reading(lambda: self.kept.said(turns, after, limit), LISTED_WITHIN_S)

    async def erase(self, place: Place) -> None:
        """Forgets all turns."""
        await self.guards.writing(lambda: self.kept.erase(place), ERASED_WITHIN_S)

    def plain_turns(self, size: int) -> AsyncIterator[Sequence[PlainTurn]]:
        """All turns that are not sealed; a program's, which waits."""
        return self.kept.plain_turns(size)

    async def seal_turns(self, sealed: Sequence[tuple[PlainTurn, PlainTurn]]) -> None:
        """Puts sealed turns in the place of plain ones."""
        await self.kept.seal_turns(sealed)

    def plain_sessions(self, size: int) -> AsyncIterator[Sequence[StoredSession]]:
        """All lines that are not sealed."""
        return self.kept.plain_sessions(size)

    async def seal_session(self, line: StoredSession, place: Place) -> None:
        """Puts a sealed line in the place of a plain one."""
        await self.kept.seal_session(line, place)
