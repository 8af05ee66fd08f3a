"""Conversations in SQLite."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from ion_mentoring.backends.sqlite import Database, Row, sortable
from ion_mentoring.records.conversations.protocol import RETENTION, ConversationId, Turn

MIGRATIONS: Final = (
    """
    CREATE TABLE turns (
        conversation TEXT NOT NULL, entry TEXT NOT NULL, place INTEGER NOT NULL,
        role TEXT NOT NULL, content TEXT NOT NULL, at TEXT NOT NULL, expires_at TEXT NOT NULL,
        PRIMARY KEY (conversation, entry, place)
    ) WITHOUT ROWID;
    CREATE INDEX turns_in_order ON turns (conversation, at, entry, place);
    """,
    "CREATE INDEX turns_by_expiry ON turns (expires_at)",
)


class SqliteConversations:
    """Turns in the table `turns`, ordered by time, entry and place within the entry."""

    def __init__(self, database: Database, now: Callable[[], datetime], *, retention: timedelta = RETENTION) -> None:
        self._database = database
        self._now = now
        self._retention = retention

    async def recent(self, conversation: ConversationId, limit: int) -> tuple[Turn, ...]:
        """The newest `limit` turns that have not expired, oldest first."""
        rows = await self._database.read(
            "SELECT role, content, at FROM turns WHERE conversation = ? AND expires_at > ?"
            " ORDER BY at DESC, entry DESC, place DESC LIMIT ?",
            (conversation.digest, sortable(self._now()), limit),
        )
        return tuple(_turn(row) for row in reversed(rows))

    async def append(self, conversation: ConversationId, turns: Sequence[Turn], *, entry_id: str) -> tuple[Turn, ...]:
        """Adds turns once, and drops what has expired meanwhile."""
        await self._database.write("DELETE FROM turns WHERE expires_at <= ?", [(sortable(self._now()),)])
        added = await self._database.create(
            "INSERT INTO turns VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    conversation.digest,
                    entry_id,
                    place,
                    turn.role,
                    turn.content,
                    sortable(turn.at),
                    sortable(turn.at + self._retention),
                )
                for place, turn in enumerate(turns)
            ],
        )
        return tuple(turns) if added else await self._entry(conversation, entry_id)

    async def erase(self, conversation: ConversationId) -> None:
        """Forgets all turns."""
        await self._database.write("DELETE FROM turns WHERE conversation = ?", [(conversation.digest,)])

    async def _entry(self, conversation: ConversationId, entry_id: str) -> tuple[Turn, ...]:
        rows = await self._database.read(
            "SELECT role, content, at FROM turns WHERE conversation = ? AND entry = ? ORDER BY place",
            (conversation.digest, entry_id),
        )
        return tuple(map(_turn, rows))


def _turn(row: Row) -> Turn:
    role, content, at = row
    return Turn(role, content, datetime.fromisoformat(at))
