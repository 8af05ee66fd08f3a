"""Erasures in SQLite: in a file of their own, which no copy of the store brings back."""

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Final

from ion_mentoring.backends.sqlite import Database, Row, sortable
from ion_mentoring.records.erasures.protocol import RETENTION, Erasure

MIGRATIONS: Final = (
    """
    CREATE TABLE erasures (
        holder TEXT NOT NULL PRIMARY KEY, asked_at TEXT NOT NULL, finished_at TEXT, erased TEXT NOT NULL,
        expires_at TEXT NOT NULL
    );
    CREATE INDEX erasures_by_expiry ON erasures (expires_at);
    """,
    "ALTER TABLE erasures ADD COLUMN last_at TEXT;",
)
_COLUMNS: Final = "holder, asked_at, finished_at, erased, last_at"


class SqliteErasures:
    """Erasures in the table `erasures`; those that have ended go with the next one that is kept."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def get(self, holder: str) -> Erasure | None:
        """The one of a holder."""
        rows = await self._database.read(f"SELECT {_COLUMNS} FROM erasures WHERE holder = ?", (holder,))  # noqa: S608
        return _erasure(rows[0]) if rows else None

    async def put(self, erasure: Erasure) -> None:
        """Replaces it."""
        finished = sortable(erasure.finished_at) if erasure.finished_at else None
        said = json.dumps(dict(erasure.erased))
        last = erasure.last_at or erasure.asked_at
        row = (erasure.holder, sortable(erasure.asked_at), finished, said, sortable(last + RETENTION), sortable(last))
        now = self._now()
        await self._database.transact(lambda connection: sweep(connection, now))
        await self._database.write("INSERT OR REPLACE INTO erasures VALUES (?, ?, ?, ?, ?, ?)", [row])

    async def all(self) -> tuple[Erasure, ...]:
        """Those that have not ended."""
        query = f"SELECT {_COLUMNS} FROM erasures WHERE expires_at > ? ORDER BY asked_at"  # noqa: S608
        return tuple(map(_erasure, await self._database.read(query, (sortable(self._now()),))))


def sweep(connection: sqlite3.Connection, now: datetime) -> None:
    """Deletes erasures that have expired."""
    connection.execute("DELETE FROM erasures WHERE expires_at <= ?", (sortable(now),))


def _erasure(row: Row) -> Erasure:
    holder, asked, finished, erased, last = row
    finished_at, last_at = (datetime.fromisoformat(at) if at else None for at in (finished, last))
    return Erasure(holder, datetime.fromisoformat(asked), finished_at, json.loads(erased), last_at)
