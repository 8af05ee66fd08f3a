"""Conversations in SQLite."""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from ion_mentoring.backends.sqlite import Database, Row, sortable
from ion_mentoring.records.conversations.protocol import RETENTION, ConversationId, Session, Turn, digest_of

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
    """
    CREATE TABLE sessions (
        owner TEXT NOT NULL, session TEXT NOT NULL, updated_at TEXT NOT NULL, turns INTEGER NOT NULL, expires_at TEXT NOT NULL,
        PRIMARY KEY (owner, session)
    ) WITHOUT ROWID;
    CREATE INDEX sessions_in_order ON sessions (owner, updated_at);
    CREATE INDEX sessions_by_expiry ON sessions (expires_at);
    """,
)

_END: Final = "9"  # sorts behind every time
_LISTED: Final = """
INSERT INTO sessions VALUES (?, ?, ?, ?, ?) ON CONFLICT (owner, session) DO UPDATE SET
    updated_at = MAX(updated_at, excluded.updated_at), turns = turns + excluded.turns,
    expires_at = MAX(expires_at, excluded.expires_at)
"""


class SqliteConversations:
    """Turns in the table `turns`, ordered by time, entry and place within the entry; lists of them in `sessions`."""

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
        """Adds turns once, under the write lock, and drops what has expired meanwhile."""
        if not turns:
            return await self._entry(conversation, entry_id)
        rows = [(conversation.digest, entry_id, place, *self._row(turn)) for place, turn in enumerate(turns)]
        listed = self._listed(conversation, turns)
        now = sortable(self._now())

        def work(connection: sqlite3.Connection) -> bool:
            for table in ("turns", "sessions"):
                connection.execute(f"DELETE FROM {table} WHERE expires_at <= ?", (now,))  # noqa: S608 # nosec B608 - names of ours
            query = "SELECT 1 FROM turns WHERE conversation = ? AND entry = ? LIMIT 1"
            if connection.execute(query, rows[0][:2]).fetchone():
                return False
            connection.executemany("INSERT INTO turns VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            connection.execute(_LISTED, listed)
            return True

        return tuple(turns) if await self._database.transact(work) else await self._entry(conversation, entry_id)

    async def sessions(self, owner: str, limit: int, before: datetime | None = None) -> tuple[Session, ...]:
        """The newest sessions that have not expired."""
        rows = await self._database.read(
            "SELECT session, updated_at, turns FROM sessions WHERE owner = ? AND expires_at > ? AND updated_at < ?"
            " ORDER BY updated_at DESC, session LIMIT ?",
            (digest_of(owner), sortable(self._now()), sortable(before) if before else _END, limit),
        )
        return tuple(Session(name, datetime.fromisoformat(at), turns) for name, at, turns in rows)

    async def erase(self, conversation: ConversationId) -> None:
        """Forgets all turns, and the line in its owner's list."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM turns WHERE conversation = ?", (conversation.digest,))
            listed = (digest_of(conversation.owner), conversation.session)
            connection.execute("DELETE FROM sessions WHERE owner = ? AND session = ?", listed)

        await self._database.transact(work)

    def _row(self, turn: Turn) -> Row:
        return turn.role, turn.content, sortable(turn.at), sortable(turn.at + self._retention)

    def _listed(self, conversation: ConversationId, turns: Sequence[Turn]) -> Row:
        last = max(turn.at for turn in turns)
        times = (sortable(last), len(turns), sortable(last + self._retention))
        return (digest_of(conversation.owner), conversation.session, *times)

    async def _entry(self, conversation: ConversationId, entry_id: str) -> tuple[Turn, ...]:
        rows = await self._database.read(
            "SELECT role, content, at FROM turns WHERE conversation = ? AND entry = ? ORDER BY place",
            (conversation.digest, entry_id),
        )
        return tuple(map(_turn, rows))


def _turn(row: Row) -> Turn:
    role, content, at = row
    return Turn(role, content, datetime.fromisoformat(at))
