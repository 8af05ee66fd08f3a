"""Batch results in SQLite."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Final

from ion_mentoring.backends.sqlite import Database, sortable
from ion_mentoring.records.batches.protocol import RETENTION, ItemResult, in_order

MIGRATIONS: Final = (
    """
    CREATE TABLE results (
        batch TEXT NOT NULL, item TEXT NOT NULL, state TEXT NOT NULL,
        answer TEXT, reason TEXT, at TEXT NOT NULL, expires_at TEXT NOT NULL,
        PRIMARY KEY (batch, item)
    ) WITHOUT ROWID;
    """,
    "CREATE INDEX results_by_expiry ON results (expires_at)",
)


class SqliteBatchResults:
    """Results in the table `results`."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def has(self, batch_id: str, item_id: str) -> bool:
        """True if an item has its result."""
        return bool(await self._database.read("SELECT 1 FROM results WHERE batch = ? AND item = ?", (batch_id, item_id)))

    async def store(self, result: ItemResult) -> bool:
        """Keeps a result, False if the item had one; drops what has expired meanwhile."""
        await self._database.write("DELETE FROM results WHERE expires_at <= ?", [(sortable(self._now()),)])
        answer = None if result.answer is None else json.dumps(dict(result.answer), ensure_ascii=False)
        row = (result.batch_id, result.item_id, result.state, answer, result.reason)
        times = (sortable(result.at), sortable(result.at + RETENTION))
        return await self._database.create("INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?)", [row + times])

    async def of(self, batch_id: str) -> tuple[ItemResult, ...]:
        """All results that have not expired."""
        rows = await self._database.read(
            "SELECT item, state, answer, reason, at FROM results WHERE batch = ? AND expires_at > ?",
            (batch_id, sortable(self._now())),
        )
        return in_order(
            [
                ItemResult(
                    batch_id, item, state, None if answer is None else json.loads(answer), reason, datetime.fromisoformat(at)
                )
                for item, state, answer, reason, at in rows
            ]
        )
