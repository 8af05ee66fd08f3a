"""Conversations in Firestore: `conversations/{digest}/turns`, one document a turn; a TTL policy on `expires_at` cleans up."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from ion_mentoring.conversations.protocol import RETENTION, ConversationId, Turn
from ion_mentoring.stores.firestore import Documents


class FirestoreConversations:
    """Turns by time, entry and place within the entry, all three in the one field `order`."""

    def __init__(self, documents: Documents, now: Callable[[], datetime]) -> None:
        self._documents = documents
        self._now = now

    async def recent(self, conversation: ConversationId, limit: int) -> tuple[Turn, ...]:
        """The newest `limit` turns, oldest first; expired ones are left out here, since TTL deletes late."""
        found = await self._documents.newest(_turns(conversation), "order", limit)
        now = self._now()
        return tuple(Turn(one["role"], one["content"], one["at"]) for one in reversed(found) if one["expires_at"] > now)

    async def append(self, conversation: ConversationId, turns: Sequence[Turn], *, entry_id: str) -> None:
        """Adds turns in one commit, under names that a second time writes the same again."""
        await self._documents.put_all(
            _turns(conversation),
            {
                f"{entry_id}-{place:04}": {
                    "role": turn.role,
                    "content": turn.content,
                    "at": turn.at,
                    "order": f"{turn.at.astimezone(UTC).isoformat(timespec='microseconds')}/{entry_id}/{place:04}",
                    "expires_at": turn.at + RETENTION,
                }
                for place, turn in enumerate(turns)
            },
        )

    async def erase(self, conversation: ConversationId) -> None:
        """Forgets all turns."""
        await self._documents.erase(_turns(conversation))


def _turns(conversation: ConversationId) -> str:
    return f"conversations/{conversation.digest}/turns"
