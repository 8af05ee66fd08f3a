"""Batch results in SQLite."""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from ion_mentoring.backends.sqlite import Database, Row, sortable
from ion_mentoring.records.batches.held import held_result
from ion_mentoring.records.batches.results import Counts, HeldResult, ItemResult, in_order
from ion_mentoring.records.batches.words import BatchWords, StoredResult, plain_words
from ion_mentoring.records.paging import Page

MIGRATIONS: Final = (
    """
    CREATE TABLE results (
        batch TEXT NOT NULL, item TEXT NOT NULL, state TEXT NOT NULL,
        answer TEXT, reason TEXT, at TEXT NOT NULL, expires_at TEXT NOT NULL,
        PRIMARY KEY (batch, item)
    ) WITHOUT ROWID;
    """,
    "CREATE INDEX results_by_expiry ON results (expires_at)",
    """
    ALTER TABLE results ADD COLUMN key TEXT;
    ALTER TABLE results ADD COLUMN item_id TEXT;
    ALTER TABLE results ADD COLUMN round INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE results ADD COLUMN look_first INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE results ADD COLUMN bill TEXT;
    """,
    """
    ALTER TABLE results ADD COLUMN words TEXT;
    ALTER TABLE results ADD COLUMN holder TEXT;
    CREATE INDEX results_by_holder ON results (holder) WHERE holder IS NOT NULL;
    CREATE INDEX results_in_plain ON results (batch) WHERE answer IS NOT NULL OR reason IS NOT NULL;
    """,
)

HELD: Final = 50  # results read at once of one person's
_COLUMNS: Final = (
    "batch, item, words, holder, state, at, key, round, look_first, expires_at, COALESCE(item_id, item), answer, reason, bill"
)
_PUT: Final = """
INSERT INTO results (batch, item, words, holder, state, at, key, round, look_first, expires_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (batch, item) DO UPDATE SET
    state = excluded.state, words = excluded.words, holder = excluded.holder, at = excluded.at, answer = NULL, reason = NULL,
    bill = NULL, item_id = NULL, expires_at = excluded.expires_at, round = excluded.round, look_first = excluded.look_first
WHERE results.state = 'failed' AND results.round < excluded.round
"""
_COUNTED: Final = """
SELECT SUM(state = 'answered'), SUM(state = 'failed'), SUM(look_first), MIN(at) FROM results WHERE batch IN (?, ?)
"""
_SINCE: Final = "SELECT 1 FROM results WHERE batch IN (?, ?) AND state = 'answered' AND at > ? LIMIT 1"


class SqliteBatchResults:
    """Results in the table `results`; those of before there was sealing have their words in columns of their own."""

    def __init__(self, database: Database, now: Callable[[], datetime], words: BatchWords) -> None:
        self._database = database
        self._now = now
        self._words = words

    async def found(self, batch_id: str, names: Sequence[str]) -> Mapping[str, ItemResult]:
        """The results that there are, in one call."""
        batch, items = await self._words.batch_name(batch_id), await self._words.item_names(batch_id, names)
        either = [*items.values(), *names]
        marks = ", ".join("?" * len(either))
        query = f"SELECT {_COLUMNS} FROM results WHERE batch IN (?, ?) AND item IN ({marks})"  # noqa: S608 - only marks
        rows = {row[1]: row for row in await self._database.read(query, (batch, batch_id, *either))}
        there = {name: row for name in names if (row := rows.get(items[name]) or rows.get(name))}
        return await self._words.open_results(batch_id, {name: _stored(row) for name, row in there.items()})

    async def store(self, result: ItemResult) -> bool:
        """Keeps a result, False if the item had one; drops what has expired meanwhile."""
        sealed = await self._words.seal_result(result)
        own = (sealed.key, sealed.round, int(sealed.look_first), sortable(sealed.expires_at))
        row = (sealed.batch, sealed.item, sealed.words, sealed.holder, sealed.state, sortable(sealed.at), *own)
        now = self._now()

        def work(connection: sqlite3.Connection) -> bool:
            sweep(connection, now)
            return connection.execute(_PUT, row).rowcount == 1

        return await self._database.transact(work)

    async def of(self, batch_id: str) -> tuple[ItemResult, ...]:
        """All results that have not expired."""
        query = f"SELECT {_COLUMNS} FROM results WHERE batch IN (?, ?) AND expires_at > ?"  # noqa: S608 - our own columns
        batch = await self._words.batch_name(batch_id)
        rows = await self._database.read(query, (batch, batch_id, sortable(self._now())))
        return in_order(list((await self._read(batch_id, rows)).values()))

    async def page(self, batch_id: str, first: str, last: str) -> tuple[ItemResult, ...]:
        """The results of items whose names lie in a range."""
        query = f"SELECT {_COLUMNS} FROM results WHERE batch = ? AND item BETWEEN ? AND ? AND expires_at > ?"  # noqa: S608
        rows = await self._database.read(f"{query} ORDER BY item", (batch_id, first, last, sortable(self._now())))
        return tuple((await self._read(batch_id, rows)).values())

    async def counts(self, batch_id: str) -> Counts:
        """Counted where they stand."""
        batch = await self._words.batch_name(batch_id)
        ((answered, failed, marked, first),) = await self._database.read(_COUNTED, (batch, batch_id))
        return Counts(answered or 0, failed or 0, marked or 0, datetime.fromisoformat(first) if first else None)

    async def answered_since(self, batch_id: str, moment: datetime) -> bool:
        """Looks for one."""
        batch = await self._words.batch_name(batch_id)
        return bool(await self._database.read(_SINCE, (batch, batch_id, sortable(moment))))

    async def held(self, holder: str, after: str) -> Page[HeldResult]:
        """The results of a holder; the place is batch and item."""
        batch, _, item = after.partition(" ")
        query = (
            f"SELECT {_COLUMNS} FROM results WHERE holder = ? AND expires_at > ? AND (batch, item) > (?, ?)"  # noqa: S608
            " ORDER BY batch, item LIMIT ?"
        )
        rows = await self._database.read(query, (holder, sortable(self._now()), batch, item, HELD))
        keys = await self._words.keys_of(holder)
        opened = (held_result(keys, _stored(row)) for row in rows) if keys else ()
        return Page(tuple(one for one in opened if one), f"{rows[-1][0]} {rows[-1][1]}" if len(rows) == HELD else "")

    async def erase(self, holder: str) -> int:
        """Empties rows, which go on being counted."""
        statement = "UPDATE results SET words = NULL, holder = NULL WHERE holder = ?"
        return await self._database.transact(lambda connection: connection.execute(statement, (holder,)).rowcount)

    async def _read(self, batch_id: str, rows: Sequence[Row]) -> dict[str, ItemResult]:
        """Results by the names of their rows, in that order; what a row is called by is sealed with its words."""
        return await self._words.open_results(batch_id, {row[1]: _stored(row) for row in rows})


def sweep(connection: sqlite3.Connection, now: datetime) -> None:
    """Deletes results that have expired."""
    connection.execute("DELETE FROM results WHERE expires_at <= ?", (sortable(now),))


def _stored(row: Row) -> StoredResult:
    batch, item, words, holder, state, at, key, count, look_first, until, item_id, answer, reason, bill = row
    if words is None and (answer is not None or reason is not None):
        words = plain_words(item_id, _read(answer), reason, _read(bill))
    when, end = datetime.fromisoformat(at), datetime.fromisoformat(until)
    return StoredResult(batch, item, holder, words, state, when, key, count, bool(look_first), end)


def _read(text: str | None) -> dict[str, Any] | None:
    return None if text is None else json.loads(text)
