"""Conversations in Firestore: `conversations/{digest}/turns`, one document a turn; a TTL policy on `expires_at` cleans up."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from ion_mentoring.backends.firestore import Document, Documents
from ion_mentoring.records.conversations.protocol import RETENTION, ConversationId, Turn


class FirestoreConversations:
    """Turns by time, entry and place within the entry, all three in the one field `order`."""

    def __init__(self, documents: Documents, now: Callable[[], datetime], *, retention: timedelta = RETENTION) -> None:
        self._documents = documents
        self._now = now
        self._retention = retention

    async def recent(self, conversation: ConversationId, limit: int) -> tuple[Turn, ...]:
        """The newest `limit` turns, oldest first; expired ones are left out here, since TTL deletes late."""
        found = await self._documents.newest(_turns(conversation), "order", limit)
        now = self._now()
        return tuple(_turn(one) for one in reversed(found) if one["expires_at"] > now)

    async def append(self, conversation: ConversationId, turns: Sequence[Turn], *, entry_id: str) -> tuple[Turn, ...]:
        """Adds turns in one commit, under names that are there already the second time."""
        added = await self._documents.create_all(
            _turns(conversation),
            {
                _name(entry_id, place): {
                    "role": turn.role,
                    "content": turn.content,
                    "at": turn.at,
                    "order": _order(turn.at, entry_id, place),
                    "expires_at": turn.at + self._retention,
                }
                for place, turn in enumerate(turns)
            },
        )
        return tuple(turns) if added else await self._entry(conversation, entry_id)

    async def erase(self, conversation: ConversationId) -> None:
        """Forgets all turns."""
        await self._documents.erase(_turns(conversation))

    async def _entry(self, conversation: ConversationId, entry_id: str) -> tuple[Turn, ...]:
        standing: list[Turn] = []
        while found := await self._documents.get(_turns(conversation), _name(entry_id, len(standing))):
            standing.append(_turn(found))
        return tuple(standing)


def _turn(document: Document) -> Turn:
    return Turn(document["role"], document["content"], document["at"])


def _name(entry_id: str, place: int) -> str:
    return f"{entry_id}-{place:04}"


def _order(at: datetime, entry_id: str, place: int) -> str:
    """Text that sorts as the three do: a space comes before every character of an id."""
    return f"{at.astimezone(UTC).isoformat(timespec='microseconds')} {entry_id} {place:04}"


def _turns(conversation: ConversationId) -> str:
    return f"conversations/{conversation.digest}/turns"
