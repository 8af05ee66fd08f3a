"""Batch results in SQLite."""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from ion_mentoring.backends.sqlite import Database, Row, sortable
from ion_mentoring.records.batches.results import Counts, ItemResult, in_order

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
)

_COLUMNS: Final = "COALESCE(item_id, item), state, answer, reason, at, key, round, look_first, bill, expires_at"
_PUT: Final = """
INSERT INTO results (batch, item, state, answer, reason, at, expires_at, key, item_id, round, look_first, bill)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (batch, item) DO UPDATE SET
    state = excluded.state, answer = excluded.answer, reason = excluded.reason, at = excluded.at,
    expires_at = excluded.expires_at, round = excluded.round, look_first = excluded.look_first, bill = excluded.bill
WHERE results.state = 'failed' AND results.round < excluded.round
"""
_COUNTED: Final = """
SELECT SUM(state = 'answered'), SUM(state = 'failed'), SUM(look_first), MIN(at) FROM results WHERE batch = ?
"""
_SINCE: Final = "SELECT 1 FROM results WHERE batch = ? AND state = 'answered' AND at > ? LIMIT 1"


class SqliteBatchResults:
    """Results in the table `results`."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def found(self, batch_id: str, names: Sequence[str]) -> Mapping[str, ItemResult]:
        """The results that there are, in one call."""
        marks = ", ".join("?" * len(names))
        query = f"SELECT {_COLUMNS} FROM results WHERE batch = ? AND item IN ({marks})"  # noqa: S608 - only marks
        results = [_result(batch_id, row) for row in await self._database.read(query, (batch_id, *names))]
        return {result.name: result for result in results}

    async def store(self, result: ItemResult) -> bool:
        """Keeps a result, False if the item had one; drops what has expired meanwhile."""
        at, until = sortable(result.at), sortable(result.until)
        row = (result.batch_id, result.name, result.state, _json(result.answer), result.reason, at, until, result.key)
        own = (result.item_id, result.round, int(result.look_first), _json(result.bill))
        now = sortable(self._now())

        def work(connection: sqlite3.Connection) -> bool:
            connection.execute("DELETE FROM results WHERE expires_at <= ?", (now,))
            return connection.execute(_PUT, row + own).rowcount == 1

        return await self._database.transact(work)

    async def of(self, batch_id: str) -> tuple[ItemResult, ...]:
        """All results that have not expired."""
        query = f"SELECT {_COLUMNS} FROM results WHERE batch = ? AND expires_at > ?"  # noqa: S608 - our own columns
        rows = await self._database.read(query, (batch_id, sortable(self._now())))
        return in_order([_result(batch_id, row) for row in rows])

    async def page(self, batch_id: str, first: str, last: str) -> tuple[ItemResult, ...]:
        """The results of items whose names lie in a range."""
        query = f"SELECT {_COLUMNS} FROM results WHERE batch = ? AND item BETWEEN ? AND ? AND expires_at > ?"  # noqa: S608
        rows = await self._database.read(f"{query} ORDER BY item", (batch_id, first, last, sortable(self._now())))
        return tuple(_result(batch_id, row) for row in rows)

    async def counts(self, batch_id: str) -> Counts:
        """Counted where they stand."""
        ((answered, failed, marked, first),) = await self._database.read(_COUNTED, (batch_id,))
        return Counts(answered or 0, failed or 0, marked or 0, datetime.fromisoformat(first) if first else None)

    async def answered_since(self, batch_id: str, moment: datetime) -> bool:
        """Looks for one."""
        return bool(await self._database.read(_SINCE, (batch_id, sortable(moment))))


def _result(batch_id: str, row: Row) -> ItemResult:
    item_id, state, answer, reason, at, key, count, look_first, bill, until = row
    when, end = datetime.fromisoformat(at), datetime.fromisoformat(until)
    return ItemResult(batch_id, item_id, state, _read(answer), reason, when, key, count, bool(look_first), _read(bill), end)


def _json(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(dict(value), ensure_ascii=False)


def _read(text: str | None) -> dict[str, Any] | None:
    return None if text is None else json.loads(text)
