"""Conversations behind a breaker, with little time: an answer waits for its memory this long at most, and goes on without."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ion_mentoring.backends.guard import Guards
from ion_mentoring.records.conversations.protocol import ConversationId, Conversations, Session, Turn

WITHIN_S: Final = 1.0
LISTED_WITHIN_S: Final = 3.0
ERASED_WITHIN_S: Final = 6.0  # nobody's answer waits for that, and it goes through many turns


@dataclass(frozen=True, slots=True)
class GuardedConversations:
    """The same conversations; StoreUnavailable in time."""

    kept: Conversations
    guards: Guards

    async def recent(self, conversation: ConversationId, limit: int) -> tuple[Turn, ...]:
        """The newest turns."""
        return await self.guards.reading(lambda: self.kept.recent(conversation, limit), WITHIN_S)

    async def append(self, conversation: ConversationId, turns: Sequence[Turn], *, entry_id: str) -> tuple[Turn, ...]:
        """Adds turns."""
        return await self.guards.writing(lambda: self.kept.append(conversation, turns, entry_id=entry_id), WITHIN_S)

    async def sessions(self, owner: str, limit: int, before: datetime | None = None) -> tuple[Session, ...]:
        """The newest sessions of an owner."""
        return await self.guards.reading(lambda: self.kept.sessions(owner, limit, before), LISTED_WITHIN_S)

    async def erase(self, conversation: ConversationId) -> None:
        """Forgets all turns."""
        await self.guards.writing(lambda: self.kept.erase(conversation), ERASED_WITHIN_S)
