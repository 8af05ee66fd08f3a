"""The audit log in SQLite."""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from ion_mentoring.backends.sqlite import Database
from ion_mentoring.errors import StoreRefused
from ion_mentoring.records.audit.record import RETENTION, AuditRecord, Head, Place, day_of

MIGRATIONS: Final = (
    """
    CREATE TABLE audit (
        day TEXT NOT NULL, writer TEXT NOT NULL, number INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (day, writer, number)
    ) WITHOUT ROWID;
    CREATE TABLE audit_heads (
        day TEXT NOT NULL, writer TEXT NOT NULL, number INTEGER NOT NULL, mark TEXT NOT NULL, PRIMARY KEY (day, writer)
    ) WITHOUT ROWID;
    CREATE TABLE audit_days (day TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
    """,
)
_TABLES: Final = ("audit", "audit_heads", "audit_days")


class SqliteAuditRecords:
    """Records in `audit`, the ends of chains in `audit_heads`, anchors in `audit_days`; what is too old goes with an anchor."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def append(self, records: Sequence[AuditRecord]) -> None:
        """Keeps records; the same again changes nothing."""

        def work(connection: sqlite3.Connection) -> None:
            for record in records:
                row = (record.day, record.writer, record.number, record.text())
                connection.execute("INSERT OR IGNORE INTO audit VALUES (?, ?, ?, ?)", row)
                place = "SELECT body FROM audit WHERE day = ? AND writer = ? AND number = ?"
                if connection.execute(place, row[:3]).fetchone()[0] != row[3]:
                    raise StoreRefused("another record stands there")
            last = records[-1]
            head = (last.day, last.writer, last.number, last.mark)
            connection.execute("INSERT OR REPLACE INTO audit_heads VALUES (?, ?, ?, ?)", head)

        await self._database.transact(work)

    async def of_day(self, day: str) -> dict[Place, str]:
        """All that stands in the places of a day."""
        query = "SELECT writer, number, body FROM audit WHERE day = ? ORDER BY writer, number"
        return {Place(day, writer, number): body for writer, number, body in await self._database.read(query, (day,))}

    async def heads(self, first: str, last: str) -> tuple[Head, ...]:
        """The heads of some days."""
        query = "SELECT day, writer, number, mark FROM audit_heads WHERE day BETWEEN ? AND ? ORDER BY day, writer"
        return tuple(Head(*row) for row in await self._database.read(query, (first, last)))

    async def anchor(self, day: str, text: str) -> bool:
        """Keeps the anchor of a day, and drops the days that are too old."""
        now = self._now()
        await self._database.transact(lambda connection: sweep(connection, now))
        return await self._database.create("INSERT INTO audit_days VALUES (?, ?)", [(day, text)])

    async def anchors(self) -> dict[str, str]:
        """All anchors."""
        rows = await self._database.read("SELECT day, body FROM audit_days ORDER BY day")
        return {str(day): str(body) for day, body in rows}

    async def last_anchor(self) -> tuple[str, str] | None:
        """The newest anchor: its day and its text."""
        rows = await self._database.read("SELECT day, body FROM audit_days ORDER BY day DESC LIMIT 1")
        return (str(rows[0][0]), str(rows[0][1])) if rows else None


def sweep(connection: sqlite3.Connection, now: datetime) -> None:
    """Deletes the days that are too old."""
    for table in _TABLES:
        connection.execute(f"DELETE FROM {table} WHERE day < ?", (day_of(now - RETENTION),))  # noqa: S608 # nosec B608 - names of ours
