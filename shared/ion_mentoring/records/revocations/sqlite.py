"""Revoked tokens in SQLite."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Final

from ion_mentoring.backends.sqlite import Database, sortable
from ion_mentoring.records.revocations.protocol import RETENTION, Revocation

MIGRATIONS: Final = (
    """
    CREATE TABLE revocations (
        tenant TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, made_at TEXT NOT NULL,
        PRIMARY KEY (tenant, kind, value)
    );
    """,
)


class SqliteRevocations:
    """Revocations in the table `revocations`; those that no longer matter go with the next one that is kept."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def put(self, revocation: Revocation) -> None:
        """Keeps one, and drops what has expired."""
        now = self._now()
        row = (revocation.tenant, revocation.kind, revocation.value, sortable(revocation.made_at))

        def work(connection: sqlite3.Connection) -> None:
            sweep(connection, now)
            connection.execute("INSERT OR REPLACE INTO revocations VALUES (?, ?, ?, ?)", row)

        await self._database.transact(work)

    async def all(self) -> tuple[Revocation, ...]:
        """Those that have not expired."""
        query = "SELECT tenant, kind, value, made_at FROM revocations WHERE made_at > ?"
        rows = await self._database.read(query, (sortable(self._now() - RETENTION),))
        return tuple(Revocation(tenant, kind, value, datetime.fromisoformat(at)) for tenant, kind, value, at in rows)


def sweep(connection: sqlite3.Connection, now: datetime) -> None:
    """Deletes revocations that no longer matter."""
    connection.execute("DELETE FROM revocations WHERE made_at <= ?", (sortable(now - RETENTION),))
