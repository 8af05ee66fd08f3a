"""Requests that may come twice in SQLite."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from ion_mentoring.backends.sqlite import Database, Row, sortable
from ion_mentoring.records.idempotency.protocol import RETENTION, Claim, Record, held

MIGRATIONS: Final = (
    """
    CREATE TABLE requests (
        name TEXT NOT NULL PRIMARY KEY, fingerprint TEXT NOT NULL, entry TEXT NOT NULL, held_until TEXT NOT NULL,
        answer BLOB, version INTEGER NOT NULL, expires_at TEXT NOT NULL
    );
    CREATE INDEX requests_by_expiry ON requests (expires_at);
    """,
)


class SqliteRecords:
    """Records in the table `requests`; a number that grows with each writing is their version."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def claim(self, name: str, wanted: Record) -> Claim | Record:
        """Claims under the write lock, so that nobody comes between; drops what has expired."""
        now = self._now()

        def work(connection: sqlite3.Connection) -> Claim | Record:
            sweep(connection, now)
            standing, version = _standing(connection, name)
            if standing and held(standing, wanted, now):
                return standing
            record = replace(wanted, entry=standing.entry) if standing else wanted
            row = (name, *_row(record), version + 1, sortable(now + RETENTION))
            connection.execute("INSERT OR REPLACE INTO requests VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            return Claim(name, record, str(version + 1))

        return await self._database.transact(work)

    async def update(self, claim: Claim, record: Record) -> Claim | None:
        """Writes where the version is still ours."""
        version, expires_at = int(claim.version), sortable(self._now() + RETENTION)

        def work(connection: sqlite3.Connection) -> Claim | None:
            written = connection.execute(
                "UPDATE requests SET fingerprint = ?, entry = ?, held_until = ?, answer = ?, version = ?, expires_at = ?"
                " WHERE name = ? AND version = ?",
                (*_row(record), version + 1, expires_at, claim.name, version),
            )
            return Claim(claim.name, record, str(version + 1)) if written.rowcount else None

        return await self._database.transact(work)


def sweep(connection: sqlite3.Connection, now: datetime) -> None:
    """Deletes requests that have expired."""
    connection.execute("DELETE FROM requests WHERE expires_at <= ?", (sortable(now),))


def _standing(connection: sqlite3.Connection, name: str) -> tuple[Record | None, int]:
    """The record of a name, None where there is none, and its version."""
    query = "SELECT fingerprint, entry, held_until, answer, version FROM requests WHERE name = ?"
    row = connection.execute(query, (name,)).fetchone()
    if row is None:
        return None, 0
    fingerprint, entry, held_until, answer, version = row
    return Record(fingerprint, entry, datetime.fromisoformat(held_until), answer), version


def _row(record: Record) -> Row:
    return record.fingerprint, record.entry, sortable(record.held_until), record.answer
