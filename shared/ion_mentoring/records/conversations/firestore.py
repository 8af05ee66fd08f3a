"""Conversations in Firestore; a TTL policy on `expires_at` cleans both collections up.

conversations/{digest}/turns       one document a turn
owners/{digest}/sessions/{digest}  one document a conversation, for its owner's list
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from ion_mentoring.backends.firestore import Added, Created, Deleted, Document, Documents
from ion_mentoring.records.conversations.protocol import RETENTION, ConversationId, Session, Turn, digest_of


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
        if not turns:
            return await self._entry(conversation, entry_id)
        created = (
            Created(_turns(conversation), _name(entry_id, place), self._document(turn, entry_id, place))
            for place, turn in enumerate(turns)
        )
        added = await self._documents.commit((*created, self._listed(conversation, turns)))
        return await self._entry(conversation, entry_id) if added is None else tuple(turns)

    async def sessions(self, owner: str, limit: int, before: datetime | None = None) -> tuple[Session, ...]:
        """The newest sessions; expired ones are left out here, since TTL deletes late."""
        found = await self._documents.newest(_sessions(owner), "updated_at", limit, before=before)
        now = self._now()
        return tuple(Session(one["session"], one["updated_at"], one["turns"]) for one in found if one["expires_at"] > now)

    async def erase(self, conversation: ConversationId) -> None:
        """Forgets all turns, and at last the line in its owner's list, so that a list names whatever is left to be erased."""
        await self._documents.erase(_turns(conversation))
        await self._documents.commit((Deleted(_sessions(conversation.owner), conversation.digest),))

    def _document(self, turn: Turn, entry_id: str, place: int) -> Document:
        return {
            "role": turn.role,
            "content": turn.content,
            "at": turn.at,
            "order": _order(turn.at, entry_id, place),
            "expires_at": turn.at + self._retention,
        }

    def _listed(self, conversation: ConversationId, turns: Sequence[Turn]) -> Added:
        last = max(turn.at for turn in turns)
        fields = {"session": conversation.session, "updated_at": last, "expires_at": last + self._retention}
        return Added(_sessions(conversation.owner), conversation.digest, {"turns": len(turns)}, fields)

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


def _sessions(owner: str) -> str:
    return f"owners/{digest_of(owner)}/sessions"
