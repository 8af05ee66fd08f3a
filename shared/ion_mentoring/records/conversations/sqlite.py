"""Conversations in SQLite."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from ion_mentoring.backends.sqlite import Database, Row, sortable
from ion_mentoring.records.conversations.protocol import RETENTION, ConversationId, digest_of
from ion_mentoring.records.conversations.stored import Place, PlainTurn, StoredSession, StoredTurn
from ion_mentoring.records.paging import Page

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
    """
    ALTER TABLE turns ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX turns_in_plain ON turns (sealed) WHERE sealed = 0;
    ALTER TABLE sessions ADD COLUMN label TEXT;
    CREATE INDEX sessions_in_plain ON sessions (label) WHERE label IS NULL;
    """,
    "ALTER TABLE sessions ADD COLUMN place TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE turns ADD COLUMN persona TEXT NOT NULL DEFAULT ''",
)

_END: Final = "9"  # sorts behind every time
_TURN: Final = "entry, place, role, content, at, sealed, persona"
_LINE: Final = "owner, session, label, updated_at, turns, place"
_PUT: Final = """
INSERT INTO turns (conversation, entry, place, role, content, at, sealed, persona, expires_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_LISTED: Final = """
INSERT INTO sessions (owner, session, place, label, updated_at, turns, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (owner, session) DO UPDATE SET
    updated_at = MAX(updated_at, excluded.updated_at), turns = turns + excluded.turns,
    expires_at = MAX(expires_at, excluded.expires_at), label = excluded.label,
    place = MAX(place, excluded.place)
"""


class SqliteConversations:
    """Turns in the table `turns`, ordered by time, entry and place within the entry; lists of them in `sessions`."""

    def __init__(self, database: Database, now: Callable[[], datetime], *, retention: timedelta = RETENTION) -> None:
        self._database = database
        self._now = now
        self.retention = retention

    def plain(self, conversation: ConversationId) -> Place:
        """Named by digests, and by the session's own name in the list."""
        return Place(conversation.digest, digest_of(conversation.owner), conversation.session, conversation.session)

    async def recent(self, turns: str, limit: int) -> tuple[StoredTurn, ...]:
        """The newest `limit` turns that have not expired, oldest first."""
        rows = await self._database.read(
            f"SELECT {_TURN} FROM turns WHERE conversation = ? AND expires_at > ?"  # noqa: S608 - our own columns
            " ORDER BY at DESC, entry DESC, place DESC LIMIT ?",
            (turns, sortable(self._now()), limit),
        )
        return tuple(_turn(row) for row in reversed(rows))

    async def append(self, place: Place, turns: Sequence[StoredTurn]) -> bool:
        """Adds turns once, under the write lock, and drops what has expired meanwhile."""
        rows = [self._row(place.turns, turn) for turn in turns]
        last = max(turn.at for turn in turns)
        ends = sortable(last + self.retention)
        listed = (place.owner, place.listed, place.turns, place.label, sortable(last), len(turns), ends)
        now = self._now()

        def work(connection: sqlite3.Connection) -> bool:
            sweep(connection, now)
            query = "SELECT 1 FROM turns WHERE conversation = ? AND entry = ? LIMIT 1"
            if connection.execute(query, rows[0][:2]).fetchone():
                return False
            connection.executemany(_PUT, rows)
            connection.execute(_LISTED, listed)
            return True

        return await self._database.transact(work)

    async def entry(self, turns: str, entry: str) -> tuple[StoredTurn, ...]:
        """The turns of an entry."""
        query = f"SELECT {_TURN} FROM turns WHERE conversation = ? AND entry = ? ORDER BY place"  # noqa: S608 - our own columns
        return tuple(map(_turn, await self._database.read(query, (turns, entry))))

    async def sessions(self, owner: str, limit: int, before: datetime | None = None) -> tuple[StoredSession, ...]:
        """The newest lines that have not expired."""
        rows = await self._database.read(
            f"SELECT {_LINE} FROM sessions"  # noqa: S608 - our own columns
            " WHERE owner = ? AND expires_at > ? AND updated_at < ? ORDER BY updated_at DESC, session LIMIT ?",
            (owner, sortable(self._now()), sortable(before) if before else _END, limit),
        )
        return tuple(map(_session, rows))

    async def lines(self, owner: str, after: str, limit: int) -> Page[StoredSession]:
        """Lines that have not expired; a line's own name is the place of the next page."""
        query = f"SELECT {_LINE} FROM sessions WHERE owner = ? AND session > ? AND expires_at > ? ORDER BY session LIMIT ?"  # noqa: S608
        rows = await self._database.read(query, (owner, after, sortable(self._now()), limit))
        return Page(tuple(map(_session, rows)), rows[-1][1] if len(rows) == limit else "")

    async def said(self, turns: str, after: str, limit: int) -> Page[StoredTurn]:
        """Turns that have not expired; the place is time, entry and place within it."""
        at, entry, place = after.split(" ") if after else ("", "", "0")
        query = (
            f"SELECT {_TURN} FROM turns WHERE conversation = ? AND expires_at > ? AND (at, entry, place) > (?, ?, ?)"  # noqa: S608
            " ORDER BY at, entry, place LIMIT ?"
        )
        rows = await self._database.read(query, (turns, sortable(self._now()), at, entry, int(place), limit))
        last = f"{rows[-1][4]} {rows[-1][0]} {rows[-1][1]}" if len(rows) == limit else ""
        return Page(tuple(map(_turn, rows)), last)

    async def erase(self, place: Place) -> None:
        """Forgets all turns, and the line in its owner's list."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM turns WHERE conversation = ?", (place.turns,))
            connection.execute("DELETE FROM sessions WHERE owner = ? AND session = ?", (place.owner, place.listed))

        await self._database.transact(work)

    async def plain_turns(self, size: int) -> AsyncIterator[Sequence[PlainTurn]]:
        """Rows that are not sealed, as long as there are some."""
        query = f"SELECT conversation, {_TURN} FROM turns WHERE sealed = 0 LIMIT ?"  # noqa: S608 - our own columns
        while rows := await self._database.read(query, (size,)):
            yield [PlainTurn(name, _turn(tuple(row))) for name, *row in rows]

    async def seal_turns(self, sealed: Sequence[tuple[PlainTurn, PlainTurn]]) -> None:
        """Replaces rows, in one transaction."""
        gone = [(old.turns, old.turn.entry, old.turn.place) for old, _ in sealed]
        rows = [self._row(new.turns, new.turn) for _, new in sealed]

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany("DELETE FROM turns WHERE conversation = ? AND entry = ? AND place = ?", gone)
            connection.executemany(_PUT.replace("INSERT", "INSERT OR IGNORE"), rows)

        await self._database.transact(work)

    async def plain_sessions(self, size: int) -> AsyncIterator[Sequence[StoredSession]]:
        """Rows without a label, as long as there are some."""
        query = f"SELECT {_LINE} FROM sessions WHERE label IS NULL LIMIT ?"  # noqa: S608 - our own columns
        while rows := await self._database.read(query, (size,)):
            yield list(map(_session, rows))

    async def seal_session(self, line: StoredSession, place: Place) -> None:
        """Replaces a row."""
        ends = sortable(line.updated_at + self.retention)

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM sessions WHERE owner = ? AND session = ?", (line.owner, line.listed))
            row = (place.owner, place.listed, place.turns, place.label, sortable(line.updated_at), line.turns, ends)
            connection.execute(_LISTED, row)

        await self._database.transact(work)

    def _row(self, name: str, turn: StoredTurn) -> Row:
        rest = (sortable(turn.at), int(turn.sealed), turn.persona, sortable(turn.at + self.retention))
        return (name, turn.entry, turn.place, turn.role, turn.content, *rest)


def sweep(connection: sqlite3.Connection, now: datetime) -> None:
    """Deletes what has expired."""
    for table in ("turns", "sessions"):
        connection.execute(f"DELETE FROM {table} WHERE expires_at <= ?", (sortable(now),))  # noqa: S608 # nosec B608 - names of ours


def _turn(row: Row) -> StoredTurn:
    entry, place, role, content, at, sealed, persona = row
    return StoredTurn(entry, place, role, content, datetime.fromisoformat(at), bool(sealed), persona)


def _session(row: Row) -> StoredSession:
    owner, listed, label, at, turns, place = row
    return StoredSession(owner, listed, listed if label is None else label, datetime.fromisoformat(at), turns, place)
