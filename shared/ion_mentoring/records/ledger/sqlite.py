"""The ledger in SQLite."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, astuple
from datetime import datetime
from typing import Final

from ion_mentoring.backends.sqlite import Database, Row, sortable
from ion_mentoring.records.ledger.prices import Charge
from ion_mentoring.records.ledger.protocol import (
    LONGEST_MONTH,
    PAGE,
    RESERVED_FOR,
    RETENTION,
    Entry,
    Reservation,
    Spending,
    Totals,
    kept_until,
    month_of,
    shares,
    spending_of,
)
from ion_mentoring.records.paging import Page

_ADD: Final = """
INSERT INTO totals VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (month, part, name) DO UPDATE SET
    answers = answers + excluded.answers, input_tokens = input_tokens + excluded.input_tokens,
    output_tokens = output_tokens + excluded.output_tokens, estimated_tokens = estimated_tokens + excluded.estimated_tokens,
    unpriced_tokens = unpriced_tokens + excluded.unpriced_tokens, nano_usd = nano_usd + excluded.nano_usd
"""
_USED: Final = """
SELECT (SELECT COALESCE(SUM(input_tokens + output_tokens), 0) FROM totals WHERE month = ?1 AND part = 'caller' AND name = ?2)
    + (SELECT COALESCE(SUM(tokens), 0) FROM reservations WHERE month = ?1 AND caller = ?2 AND entry != ?3),
    EXISTS (SELECT 1 FROM reservations WHERE month = ?1 AND caller = ?2 AND entry = ?3)
"""

MIGRATIONS: Final = (
    """
    CREATE TABLE entries (
        id TEXT NOT NULL PRIMARY KEY, month TEXT NOT NULL, at TEXT NOT NULL, caller TEXT NOT NULL, persona TEXT NOT NULL,
        model TEXT NOT NULL, outcome TEXT NOT NULL, calls TEXT NOT NULL, expires_at TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX entries_by_expiry ON entries (expires_at);
    CREATE TABLE totals (
        month TEXT NOT NULL, part TEXT NOT NULL, name TEXT NOT NULL,
        answers INTEGER NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
        estimated_tokens INTEGER NOT NULL, unpriced_tokens INTEGER NOT NULL, nano_usd INTEGER NOT NULL,
        PRIMARY KEY (month, part, name)
    ) WITHOUT ROWID;
    CREATE TABLE reservations (
        caller TEXT NOT NULL, month TEXT NOT NULL, entry TEXT NOT NULL, tokens INTEGER NOT NULL, expires_at TEXT NOT NULL,
        PRIMARY KEY (caller, month, entry)
    ) WITHOUT ROWID;
    """,
    "CREATE INDEX entries_by_caller ON entries (caller, id)",
)


class SqliteLedger:
    """Entries, totals and reservations, each in a table of its own."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def reserve(self, caller: str, entry_id: str, month: str, tokens: int, limit: int) -> Reservation:
        """Reserves if the caller is below its limit, under the write lock, so that nobody comes between."""
        now = self._now()

        def work(connection: sqlite3.Connection) -> Reservation:
            connection.execute("DELETE FROM reservations WHERE expires_at <= ?", (sortable(now),))
            used, reserved = connection.execute(_USED, (month, caller, entry_id)).fetchone()
            if reserved or used >= limit:
                return Reservation(granted=bool(reserved), used_tokens=used)
            row = (caller, month, entry_id, tokens, sortable(now + RESERVED_FOR))
            connection.execute("INSERT INTO reservations VALUES (?, ?, ?, ?, ?)", row)
            return Reservation(granted=True, used_tokens=used)

        return await self._database.transact(work)

    async def settle(self, entry: Entry, *, reserved_tokens: int = 0) -> bool:
        """Writes an entry, adds it to the totals and ends its reservation; drops what has expired meanwhile."""
        now, month = self._now(), entry.month
        charges = json.dumps([asdict(charge) for charge in entry.charges])
        row = (entry.id, month, sortable(entry.at), entry.caller, entry.persona, entry.model, entry.outcome, charges)

        def work(connection: sqlite3.Connection) -> bool:
            sweep(connection, now)
            connection.execute("DELETE FROM reservations WHERE caller = ? AND entry = ?", (entry.caller, entry.id))
            if not entry.charges:
                return True
            times = (sortable(entry.at + RETENTION),)
            added = connection.execute("INSERT OR IGNORE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row + times)
            if not added.rowcount:
                return False
            connection.executemany(_ADD, [(month, part, name, *astuple(own)) for part, name, own in shares(entry)])
            return True

        return await self._database.transact(work)

    async def own(self, caller: str, after: str) -> Page[Entry]:
        """The entries of a caller, by their ids."""
        query = (
            "SELECT id, at, caller, persona, model, calls, outcome FROM entries"
            " WHERE caller = ? AND id > ? AND expires_at > ? ORDER BY id LIMIT ?"
        )
        rows = await self._database.read(query, (caller, after, sortable(self._now()), PAGE))
        return Page(tuple(map(_entry, rows)), rows[-1][0] if len(rows) == PAGE else "")

    async def spending(self, month: str) -> Spending:
        """The sums of a month."""
        if self._now() >= kept_until(month):
            return Spending(month)
        rows = await self._database.read("SELECT * FROM totals WHERE month = ?", (month,))
        return spending_of(month, ((part, name, Totals(*numbers)) for _, part, name, *numbers in rows))


def sweep(connection: sqlite3.Connection, now: datetime) -> None:
    """Deletes entries, reservations and sums that have expired."""
    connection.execute("DELETE FROM reservations WHERE expires_at <= ?", (sortable(now),))
    connection.execute("DELETE FROM entries WHERE expires_at <= ?", (sortable(now),))
    connection.execute("DELETE FROM totals WHERE month < ?", (month_of(now - RETENTION - LONGEST_MONTH),))


def _entry(row: Row) -> Entry:
    name, at, caller, persona, model, calls, outcome = row
    charges = tuple(map(Charge.of, json.loads(calls)))
    return Entry(name, datetime.fromisoformat(at), caller, persona, model, charges, outcome)
