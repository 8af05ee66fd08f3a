"""Wrapped keys in SQLite."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from ion_mentoring.backends.sqlite import Database, sortable
from ion_mentoring.records.user_keys.protocol import PeriodKey, WrappedKeys

MIGRATIONS: Final = (
    """
    CREATE TABLE period_keys (period TEXT NOT NULL PRIMARY KEY, wrapped BLOB NOT NULL, made_at TEXT NOT NULL);
    CREATE TABLE user_keys (holder TEXT NOT NULL PRIMARY KEY, period TEXT NOT NULL, wrapped BLOB NOT NULL) WITHOUT ROWID;
    CREATE INDEX user_keys_by_period ON user_keys (period);
    CREATE TABLE sealing_steps (name TEXT NOT NULL PRIMARY KEY);
    INSERT INTO sealing_steps SELECT 'conversations'
        WHERE NOT EXISTS (SELECT 1 FROM turns) AND NOT EXISTS (SELECT 1 FROM sessions);
    """,  # in a new file there is nothing of before
)


class SqliteKeyStore:
    """Keys in the tables `period_keys` and `user_keys`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def periods(self) -> tuple[PeriodKey, ...]:
        """All of them."""
        rows = await self._database.read("SELECT period, wrapped, made_at FROM period_keys")
        return tuple(PeriodKey(period, wrapped, datetime.fromisoformat(at)) for period, wrapped, at in rows)

    async def add_period(self, key: PeriodKey) -> bool:
        """Inserts it."""
        row = (key.period, key.wrapped, sortable(key.made_at))
        statement = "INSERT OR IGNORE INTO period_keys VALUES (?, ?, ?)"
        return bool(await self._database.transact(lambda connection: connection.execute(statement, row).rowcount))

    async def replace_period(self, key: PeriodKey) -> None:
        """Updates it."""
        await self._database.write("UPDATE period_keys SET wrapped = ? WHERE period = ?", [(key.wrapped, key.period)])

    async def drop_period(self, period: str) -> None:
        """Deletes it."""
        await self._database.write("DELETE FROM period_keys WHERE period = ?", [(period,)])

    async def found(self, holders: Sequence[str]) -> Mapping[str, WrappedKeys]:
        """In one query."""
        marks = ", ".join("?" * len(holders))
        query = f"SELECT holder, period, wrapped FROM user_keys WHERE holder IN ({marks})"  # noqa: S608 - only marks
        return {row[0]: WrappedKeys(*row) for row in await self._database.read(query, holders)}

    async def add(self, keys: Sequence[WrappedKeys]) -> None:
        """Inserts those that are new."""
        rows = [(key.holder, key.period, key.wrapped) for key in keys]
        await self._database.write("INSERT OR IGNORE INTO user_keys VALUES (?, ?, ?)", rows)

    async def replace(self, old: WrappedKeys, new: WrappedKeys) -> bool:
        """Updates where the old ones stand."""
        statement = "UPDATE user_keys SET period = ?, wrapped = ? WHERE holder = ? AND wrapped = ?"
        row = (new.period, new.wrapped, old.holder, old.wrapped)
        return bool(await self._database.transact(lambda connection: connection.execute(statement, row).rowcount))

    async def drop(self, holder: str) -> None:
        """Deletes them."""
        await self._database.write("DELETE FROM user_keys WHERE holder = ?", [(holder,)])

    async def page(self, after: str, limit: int) -> tuple[WrappedKeys, ...]:
        """By name."""
        query = "SELECT holder, period, wrapped FROM user_keys WHERE holder > ? ORDER BY holder LIMIT ?"
        return tuple(WrappedKeys(*row) for row in await self._database.read(query, (after, limit)))

    async def counts(self) -> Mapping[str, int]:
        """Counted where they stand."""
        return dict(await self._database.read("SELECT period, COUNT(*) FROM user_keys GROUP BY period ORDER BY period"))

    async def flag(self, name: str) -> bool:
        """Looks for it."""
        return bool(await self._database.read("SELECT 1 FROM sealing_steps WHERE name = ?", (name,)))

    async def raise_flag(self, name: str) -> None:
        """Inserts it."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("INSERT OR IGNORE INTO sealing_steps VALUES (?)", (name,))

        await self._database.transact(work)
