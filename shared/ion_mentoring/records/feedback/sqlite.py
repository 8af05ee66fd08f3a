"""Ratings in SQLite."""

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Final

from ion_mentoring.backends.sqlite import Database, Row, sortable
from ion_mentoring.records.feedback.codec import answer_fields, answer_of, place_of
from ion_mentoring.records.feedback.protocol import OWN, PAGE, RETENTION, Listed, Rating, mark_of, name_of
from ion_mentoring.records.paging import Page

MIGRATIONS: Final = (
    """
    CREATE TABLE feedback (
        name TEXT NOT NULL PRIMARY KEY, owner TEXT NOT NULL, place TEXT NOT NULL, request_id TEXT NOT NULL, at TEXT NOT NULL,
        verdict TEXT, reasons TEXT NOT NULL, outcome TEXT, answer TEXT, expires_at TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX feedback_of_owners ON feedback (owner, place);
    CREATE INDEX feedback_by_place ON feedback (place);
    CREATE INDEX feedback_by_expiry ON feedback (expires_at);
    """,
)

_FIELDS: Final = "request_id, at, verdict, reasons, outcome, answer"


class SqliteRatings:
    """Ratings in the table `feedback`; those that have expired go with the next one that is kept."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def put(self, owner: str, rating: Rating) -> None:
        """Keeps a rating, and drops what has expired."""
        name, now = name_of(owner, rating.request_id), self._now()
        row = (name, mark_of(owner), place_of(rating, name), *_row(rating), sortable(rating.at + RETENTION))

        def work(connection: sqlite3.Connection) -> None:
            sweep(connection, now)
            connection.execute("INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

        await self._database.transact(work)

    async def get(self, owner: str, request_id: str) -> Rating | None:
        """The rating of a request."""
        query = f"SELECT {_FIELDS} FROM feedback WHERE name = ? AND expires_at > ?"  # noqa: S608 - fields of ours
        rows = await self._database.read(query, (name_of(owner, request_id), sortable(self._now())))
        return _rating(rows[0]) if rows else None

    async def of(self, owner: str) -> tuple[Rating, ...]:
        """The newest ratings of an owner."""
        query = f"SELECT {_FIELDS} FROM feedback WHERE owner = ? AND expires_at > ? ORDER BY place DESC LIMIT ?"  # noqa: S608
        rows = await self._database.read(query, (mark_of(owner), sortable(self._now()), OWN))
        return tuple(_rating(row) for row in rows)

    async def own(self, owner: str, after: str) -> Page[Rating]:
        """All ratings of an owner, by their places."""
        query = f"SELECT {_FIELDS}, place FROM feedback WHERE owner = ? AND place > ? AND expires_at > ? ORDER BY place LIMIT ?"  # noqa: S608
        rows = await self._database.read(query, (mark_of(owner), after, sortable(self._now()), PAGE))
        return Page(tuple(_rating(row[:-1]) for row in rows), rows[-1][-1] if len(rows) == PAGE else "")

    async def take_back(self, owner: str, request_id: str) -> bool:
        """Deletes a rating."""
        name = name_of(owner, request_id)
        return await self._database.transact(
            lambda connection: connection.execute("DELETE FROM feedback WHERE name = ?", (name,)).rowcount > 0
        )

    async def erase(self, owner: str) -> None:
        """Deletes all ratings of an owner."""
        await self._database.write("DELETE FROM feedback WHERE owner = ?", [(mark_of(owner),)])

    async def page(self, after: str, limit: int) -> tuple[Listed, ...]:
        """A page of the list of all."""
        query = f"SELECT owner, place, {_FIELDS} FROM feedback WHERE place > ? AND expires_at > ? ORDER BY place LIMIT ?"  # noqa: S608
        rows = await self._database.read(query, (after, sortable(self._now()), limit))
        return tuple(Listed(row[0], _rating(row[2:]), row[1]) for row in rows)


def sweep(connection: sqlite3.Connection, now: datetime) -> None:
    """Deletes ratings that have expired."""
    connection.execute("DELETE FROM feedback WHERE expires_at <= ?", (sortable(now),))


def _row(rating: Rating) -> Row:
    answer = json.dumps(answer_fields(rating.answer)) if rating.answer else None
    return rating.request_id, sortable(rating.at), rating.verdict, json.dumps(rating.reasons), rating.outcome, answer


def _rating(row: Row) -> Rating:
    request_id, at, verdict, reasons, outcome, answer = row
    facts = answer_of(json.loads(answer)) if answer else None
    return Rating(request_id, datetime.fromisoformat(at), verdict, tuple(json.loads(reasons)), outcome, facts)
